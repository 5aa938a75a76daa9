package io.gatehouse.cli.ca;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Pem;
import io.gatehouse.protocol.trust.PrivateKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;

/** Keys and certificates in files, for who has no way to make a key of its own: brokers and operators. */
public final class CertificateFiles {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private final Authority authority;

    /** Certificates of this authority. */
    public CertificateFiles(Authority authority) {
        this.authority = authority;
    }

    /**
     * What was written.
     *
     * @param key for its owner's eyes only
     * @param certificate with the authority's behind it
     */
    public record Written(Path key, Path certificate) {}

    /** For a broker of these names and addresses. */
    public Written server(List<String> names, Path folder, Duration life) throws Trouble {
        List<GeneralName> read = ServerNames.read(names);
        return write(folder, names.get(0), key -> authority.issueServer(read, key, life));
    }

    /** For somebody whom the broker is to know by this name. */
    public Written client(String name, Path folder, Duration life) throws Trouble {
        if (!name.matches(NAME)) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "a user's name has 1 to 64 letters, digits, '.', '_' and '-': " + name
                            + "; a device makes its own key, with a token");
        }
        return write(folder, name, key -> authority.issueClient(name, key, life));
    }

    @FunctionalInterface
    private interface Issue {
        X509CertificateHolder to(SubjectPublicKeyInfo key);
    }

    private Written write(Path folder, String name, Issue issue) throws Trouble {
        String file = name.replace("*", "any").replace(':', '-');
        Path key = folder.resolve(file + ".key");
        Path certificate = folder.resolve(file + ".pem");
        try {
            SubjectPublicKeyInfo publicKey;
            if (Files.exists(key)) {
                publicKey = publicKeyIn(certificate);
            } else {
                KeyPair pair = Authority.generate();
                PrivateKeyFile.write(key, pair.getPrivate());
                publicKey = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
            }
            X509CertificateHolder made = issue.to(publicKey);
            Authority.write(certificate, Pem.write(Pem.CERTIFICATE, Authority.encoded(made)) + authority.pem());
            return new Written(key, certificate);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot write " + certificate + ": " + e.getMessage(), e);
        }
    }

    /** A key that is there is kept: what it has now is another certificate. */
    private static SubjectPublicKeyInfo publicKeyIn(Path certificate) throws IOException {
        List<byte[]> chain = Pem.read(Pem.CERTIFICATE, Files.readString(certificate));
        if (chain.isEmpty()) {
            throw new IOException(certificate + " has no certificate in PEM");
        }
        return new X509CertificateHolder(chain.get(0)).getSubjectPublicKeyInfo();
    }
}

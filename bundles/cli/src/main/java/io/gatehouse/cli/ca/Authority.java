package io.gatehouse.cli.ca;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Pem;
import io.gatehouse.protocol.WholeFile;
import io.gatehouse.protocol.trust.PrivateKeyFile;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The fleet's own certificate authority, in a folder: {@code ca.key}, for its owner's eyes only, {@code ca.pem} and
 * {@code register.jsonl}.
 */
public final class Authority {
    private static final String KEY = "ca.key";
    private static final String CERTIFICATE = "ca.pem";
    private static final String REGISTER = "register.jsonl";
    private static final Duration LIFE = Duration.ofDays(20 * 365);
    /** Clocks differ; at most so much of a certificate's life is put before its issue, and no more than five minutes. */
    private static final int SKEW_SHARE = 20;

    private static final Duration LONGEST_SKEW = Duration.ofMinutes(5);
    private static final int SERIAL_BITS = 127;
    private static final int HEX = 16;

    private final PrivateKey key;
    private final X509CertificateHolder certificate;
    private final Register register;
    private final Clock clock;

    private Authority(PrivateKey key, X509CertificateHolder certificate, Register register, Clock clock) {
        this.key = key;
        this.certificate = certificate;
        this.register = register;
        this.clock = clock;
    }

    /**
     * Makes one in a folder that holds none.
     *
     * @throws Trouble if there is one, or the folder cannot be written
     */
    public static Authority create(Path folder, String name, Clock clock) throws Trouble {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            KeyPair pair = generate();
            PrivateKeyFile.write(folder.resolve(KEY), pair.getPrivate());
            X509CertificateHolder own = ownCertificate(pair, name, clock.instant());
            write(folder.resolve(CERTIFICATE), Pem.write(Pem.CERTIFICATE, own.getEncoded()));
            return open(folder, clock);
        } catch (FileAlreadyExistsException e) {
            throw new Trouble(Trouble.Kind.USAGE, "there is an authority in " + folder + " already", e);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot make an authority in " + folder + ": " + e.getMessage(), e);
        }
    }

    /**
     * Opens the one in a folder.
     *
     * @throws Trouble if there is none
     */
    public static Authority open(Path folder, Clock clock) throws Trouble {
        try {
            List<byte[]> own = Pem.read(Pem.CERTIFICATE, Files.readString(folder.resolve(CERTIFICATE)));
            return new Authority(
                    PrivateKeyFile.read(folder.resolve(KEY), "EC"),
                    new X509CertificateHolder(own.get(0)),
                    new Register(folder.resolve(REGISTER), clock),
                    clock);
        } catch (NoSuchFileException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE, "no authority in " + folder + "; gatehouse ca new " + folder + " makes one", e);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot open the authority in " + folder + ": " + e.getMessage(), e);
        }
    }

    Register register() {
        return register;
    }

    Clock clock() {
        return clock;
    }

    /** SHA-256 of its certificate in DER: what tokens call it by. */
    public Sha256 fingerprint() {
        return Sha256.of(encoded(certificate));
    }

    /** Its certificate in PEM. */
    public String pem() {
        return Pem.write(Pem.CERTIFICATE, encoded(certificate));
    }

    /** A certificate for a client of a broker, which the broker will know by this name. */
    X509CertificateHolder issueClient(String name, SubjectPublicKeyInfo publicKey, Duration life) {
        return issue(name, publicKey, life, KeyPurposeId.id_kp_clientAuth, List.of());
    }

    /**
     * A certificate for a broker.
     *
     * @param names what it is called by whoever connects; the first is its subject's
     */
    X509CertificateHolder issueServer(List<GeneralName> names, SubjectPublicKeyInfo publicKey, Duration life) {
        return issue(ServerNames.text(names.get(0)), publicKey, life, KeyPurposeId.id_kp_serverAuth, names);
    }

    /**
     * Signs a revocation list, in DER.
     *
     * @param until who uses the list believes nobody any more after that
     */
    byte[] revoke(List<Register.Revoked> revoked, Instant until) {
        Instant now = clock.instant();
        X509v2CRLBuilder builder = new X509v2CRLBuilder(certificate.getSubject(), Date.from(now.minus(LONGEST_SKEW)));
        builder.setNextUpdate(Date.from(until));
        for (Register.Revoked each : revoked) {
            builder.addCRLEntry(
                    new BigInteger(each.issued().serial(), HEX), Date.from(each.at()), CRLReason.unspecified);
        }
        try {
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(now.toEpochMilli())))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
                    .getEncoded();
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot sign a revocation list", e);
        }
    }

    private X509CertificateHolder issue(
            String name, SubjectPublicKeyInfo publicKey, Duration life, KeyPurposeId purpose, List<GeneralName> names) {
        Instant now = clock.instant();
        Duration skew = life.dividedBy(SKEW_SHARE);
        Instant from = now.minus(skew.compareTo(LONGEST_SKEW) < 0 ? skew : LONGEST_SKEW);
        try {
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    certificate.getSubject(),
                    serial(),
                    Date.from(from),
                    Date.from(now.plus(life)),
                    named(name),
                    publicKey);
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            identifiers.createAuthorityKeyIdentifier(certificate));
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            }
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot issue a certificate for " + name, e);
        }
    }

    private static X509CertificateHolder ownCertificate(KeyPair pair, String name, Instant now) throws IOException {
        SubjectPublicKeyInfo publicKey =
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
        X500Name subject = named(name);
        try {
            return new X509v3CertificateBuilder(
                            subject,
                            serial(),
                            Date.from(now.minus(LONGEST_SKEW)),
                            Date.from(now.plus(LIFE)),
                            subject,
                            publicKey)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(publicKey))
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("cannot make the authority's certificate", e);
        }
    }

    static KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make a key on P-256: is jdk.crypto.ec in it?", e);
        }
    }

    static X500Name named(String name) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    }

    static byte[] encoded(X509CertificateHolder holder) {
        try {
            return holder.getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("a certificate that was made has its bytes", e);
        }
    }

    /** Writes a file, whole or not at all. */
    static void write(Path file, String text) throws IOException {
        WholeFile.at(file).write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1);
    }
}

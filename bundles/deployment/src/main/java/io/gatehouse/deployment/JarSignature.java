package io.gatehouse.deployment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.cert.X509Certificate;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/**
 * Who signed a JAR file, as {@code jarsigner} does (JAR File Specification, "Signed JAR File"): all of it, with every entry.
 *
 * @param chains the signers' certificates, each with those that vouch for it behind it; empty where nobody signed all of it
 * @param unsigned an entry that not all of them signed; empty where there is none
 */
record JarSignature(Set<List<X509Certificate>> chains, String unsigned) {
    /** What carries the signatures cannot be signed by them. */
    private static final Pattern CARRIER =
            Pattern.compile("META-INF/(MANIFEST\\.MF|[^/]+\\.(SF|DSA|RSA|EC)|SIG-[^/]*)");

    private static final int BUFFER = 1 << 13;

    JarSignature {
        chains = Set.copyOf(chains);
    }

    /**
     * Reads a JAR file to its end, and none of its classes is loaded by that.
     *
     * @throws Refused if anything of it is not what was signed
     */
    static JarSignature read(String id, Path file) throws Refused {
        try (JarFile jar = new JarFile(file.toFile(), true)) {
            Set<List<X509Certificate>> common = null;
            byte[] buffer = new byte[BUFFER];
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                readToItsEnd(jar, entry, buffer);
                if (isToBeSigned(entry)) {
                    Set<List<X509Certificate>> own = chains(entry.getCodeSigners());
                    common = common == null ? new LinkedHashSet<>(own) : common;
                    common.retainAll(own);
                    if (common.isEmpty()) {
                        return new JarSignature(Set.of(), entry.getName());
                    }
                }
            }
            return new JarSignature(common == null ? Set.of() : common, "");
        } catch (SecurityException
                | IllegalArgumentException
                | IOException e) { // how JarFile says that an entry, its name or a signature is not what it was
            throw new Refused("bad-jar-signature", id + " is not what was signed: " + e.getMessage(), e);
        }
    }

    private static boolean isToBeSigned(JarEntry entry) {
        return !(entry.isDirectory() && entry.getSize() <= 0)
                && !CARRIER.matcher(entry.getName().toUpperCase(Locale.ROOT)).matches();
    }

    /** Its signers are known only then. */
    private static void readToItsEnd(JarFile jar, JarEntry entry, byte[] buffer) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            int read = 0;
            while (read >= 0) {
                read = in.read(buffer);
            }
        }
    }

    private static Set<List<X509Certificate>> chains(CodeSigner[] signers) {
        Set<List<X509Certificate>> chains = new HashSet<>();
        if (signers != null) {
            for (CodeSigner signer : signers) {
                chains.add(signer.getSignerCertPath().getCertificates().stream()
                        .map(X509Certificate.class::cast)
                        .toList());
            }
        }
        return chains;
    }

    /** The signers, for a person. */
    String names() {
        return String.join(
                "; ",
                chains.stream()
                        .map(chain -> chain.get(0).getSubjectX500Principal().getName())
                        .sorted()
                        .toList());
    }
}

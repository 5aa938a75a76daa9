package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.TopicPattern;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may sign bundles, and which.
 *
 * @param certificate of the vendor's CA, in PEM
 * @param names patterns of the symbolic names that its bundles may have; {@code com.acme.*} is every name below {@code com.acme}
 * @param grants what its bundles may do beyond the usual: lists of patterns under {@code packages}, {@code services},
 *     {@code exports} and {@code topics}; and whatever else somebody wrote there
 */
public record Vendor(String name, String certificate, List<String> names, Map<String, ?> grants) {
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*(\\.\\*)?");
    private static final Pattern JAVA = Pattern.compile("[A-Za-z_$][\\w$]*(\\.[A-Za-z_$][\\w$]*)*(\\.\\*)?");
    private static final String PACKAGES = "packages";
    private static final String SERVICES = "services";
    private static final String EXPORTS = "exports";
    private static final String TOPICS = "topics";

    public Vendor {
        names = List.copyOf(names);
        grants = Collections.unmodifiableMap(new LinkedHashMap<>(grants));
    }

    /**
     * Reads a vendor.
     *
     * @param members the object, with its path in the document it came in
     * @throws BadArgument naming the member that is missing or will not do
     */
    static Vendor read(Members members) {
        String name = members.string("name");
        if (!Names.isName(name)) {
            throw members.wrong("name", name, Names.FORM);
        }
        String certificate = members.string("certificate");
        try {
            parse(certificate);
        } catch (CertificateException e) {
            throw new BadArgument(
                    members.path("certificate") + " must be one X.509 certificate of a CA in PEM: " + e.getMessage());
        }
        List<String> names = members.strings("names");
        if (names.isEmpty()) {
            throw new BadArgument(members.path("names") + " must name a bundle, for example com.acme.*");
        }
        for (String pattern : names) {
            if (!NAMES.matcher(pattern).matches()) {
                throw members.wrong("names", pattern, "symbolic names, such as com.acme.modbus or com.acme.*");
            }
        }
        Optional<Members> grants = members.optionalObject("grants");
        grants.ifPresent(Vendor::check);
        return new Vendor(name, certificate, names, grants.map(Members::values).orElse(Map.of()));
    }

    private static void check(Members grants) {
        for (String grant : List.of(PACKAGES, SERVICES, EXPORTS)) {
            for (String pattern : grants.strings(grant)) {
                if (!JAVA.matcher(pattern).matches()) {
                    throw grants.wrong(grant, pattern, "names of Java, such as org.example.io or org.example.*");
                }
            }
        }
        for (String topic : grants.strings(TOPICS)) {
            if (!TopicPattern.isPattern(topic)) {
                throw grants.wrong(TOPICS, topic, "topics such as acme/rain, or acme/# for all of an area");
            }
        }
    }

    /** Patterns of packages that its bundles may import beyond the usual. */
    public List<String> packages() {
        return granted(PACKAGES);
    }

    /** Patterns of interfaces whose services its bundles may see beyond the usual. */
    public List<String> services() {
        return granted(SERVICES);
    }

    /** Patterns of packages that others may import from its bundles. */
    public List<String> exports() {
        return granted(EXPORTS);
    }

    /** Topics that its bundles may publish at, {@code acme/#} for all of an area; nothing where all may be. */
    public Optional<List<String>> topics() {
        return grants.containsKey(TOPICS) ? Optional.of(granted(TOPICS)) : Optional.empty();
    }

    /** Whether its bundles may publish at a topic, or, as {@code acme/#}, at all of an area. */
    public boolean mayPublishAt(String topic) {
        return topics().map(granted -> granted.stream().anyMatch(one -> TopicPattern.covers(one, topic)))
                .orElse(true);
    }

    private List<String> granted(String name) {
        return Members.of("grants", grants).strings(name);
    }

    /** The certificate of the vendor's CA. */
    public X509Certificate authority() {
        try {
            return parse(certificate);
        } catch (CertificateException e) {
            throw new IllegalStateException("vendor \"" + name + "\" has no certificate", e);
        }
    }

    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", name);
        members.put("certificate", certificate);
        members.put("names", names);
        members.put("grants", grants);
        return members;
    }

    private static X509Certificate parse(String pem) throws CertificateException {
        Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        if (certificates.size() != 1) {
            throw new CertificateException("there are " + certificates.size());
        }
        X509Certificate certificate = (X509Certificate) certificates.iterator().next();
        if (certificate.getBasicConstraints() < 0) {
            throw new CertificateException("it is no CA's");
        }
        return certificate;
    }
}

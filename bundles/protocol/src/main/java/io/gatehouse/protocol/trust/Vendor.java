package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Names;
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
import java.util.regex.Pattern;

/**
 * Who may sign bundles, and which.
 *
 * @param certificate of the vendor's CA, in PEM
 * @param names symbolic names; {@code com.acme.*} is every name below {@code com.acme}
 * @param grants what its bundles may do beyond the usual; JSON values by name
 */
public record Vendor(String name, String certificate, List<String> names, Map<String, ?> grants) {
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*(\\.\\*)?");

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
        return new Vendor(
                name,
                certificate,
                names,
                members.optionalObject("grants").map(Members::values).orElse(Map.of()));
    }

    /** The certificate of the vendor's CA. */
    public X509Certificate authority() {
        try {
            return parse(certificate);
        } catch (CertificateException e) {
            throw new IllegalStateException("vendor \"" + name + "\" has no certificate", e);
        }
    }

    /** Whether its bundles may have this symbolic name. */
    public boolean mayPublish(String symbolicName) {
        return names.stream()
                .anyMatch(pattern -> pattern.endsWith(".*")
                        ? symbolicName.startsWith(pattern.substring(0, pattern.length() - 1))
                        : symbolicName.equals(pattern));
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

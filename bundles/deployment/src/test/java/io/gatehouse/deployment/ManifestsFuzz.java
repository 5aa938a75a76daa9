package io.gatehouse.deployment;

import io.gatehouse.protocol.trust.Vendor;
import io.gatehouse.software.Part;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Version;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/** What a vendor's manifest needs and provides: weighed against grants, or refused by {@link Refused}. */
public final class ManifestsFuzz {
    private static final Vendor VENDOR = new Vendor(
            "acme", "", List.of("com.acme.*"), Map.of("packages", List.of("org.a.*"), "topics", List.of("acme/#")));
    private static final List<String> HEADERS =
            List.of("Import-Package", "Export-Package", "Provide-Capability", "Require-Capability", "Require-Bundle");

    private ManifestsFuzz() {}

    /** The first byte chooses a header, and the others are its value. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        String header = HEADERS.get((data[0] & 0xff) % HEADERS.size());
        String value = new String(data, 1, data.length - 1, StandardCharsets.UTF_8);
        Map<String, String> headers =
                Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "com.acme.app", header, value);
        Jar jar = new Jar(Path.of("app.jar"), "com.acme.app", Version.emptyVersion, headers);
        try {
            Resource resource = jar.resource();
            Neighbours neighbours = new Neighbours(
                    List.of(),
                    List.of(new Part("a:a:1", "com.acme.app", "0.0.0", "", 1).within(Grants.bounds(VENDOR))));
            Hypothesis hypothesis = new Hypothesis(neighbours);
            hypothesis.need(resource);
            for (Requirement requirement : resource.getRequirements(null)) {
                if (hypothesis.isNeeded(requirement)) {
                    Object ignored = hypothesis.findProviders(requirement).isEmpty()
                            && Grants.lacking(requirement, neighbours.of(resource))
                                    .isEmpty();
                }
            }
            Grants.check(jar, VENDOR);
        } catch (Refused e) {
            String ignored = e.getMessage();
        }
    }
}

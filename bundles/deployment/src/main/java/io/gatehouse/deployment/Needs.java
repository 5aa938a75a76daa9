package io.gatehouse.deployment;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.LicensedFeature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;

/**
 * Which licenses a bundle is of no use without, as its manifest says; the framework passes over that.
 *
 * @param bundle its symbolic name
 * @param licenses the licensed features' names, in the manifest's order
 */
record Needs(String bundle, List<String> licenses) {
    static final String NAMESPACE = "io.gatehouse.license";

    private static final Pattern FILTER = Pattern.compile("\\(" + Pattern.quote(NAMESPACE) + "=([^)]*)\\)");
    private static final String BUNDLE = "bundle";
    private static final String LICENSES = "licenses";

    Needs {
        licenses = List.copyOf(licenses);
    }

    /**
     * Reads them from a manifest.
     *
     * @throws Refused where it asks for a license in a way that names none
     */
    static Needs of(Jar jar) throws Refused {
        List<String> licenses = new ArrayList<>();
        if (jar.headers().getOrDefault("Require-Capability", "").contains(NAMESPACE)) {
            for (Requirement requirement : jar.resource().getRequirements(NAMESPACE)) {
                if (isActive(requirement)) {
                    licenses.add(license(jar, requirement));
                }
            }
        }
        return new Needs(jar.symbolicName(), licenses);
    }

    private static boolean isActive(Requirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        return Namespace.EFFECTIVE_ACTIVE.equals(directives.get(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE))
                && !Namespace.RESOLUTION_OPTIONAL.equals(directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
    }

    private static String license(Jar jar, Requirement requirement) throws Refused {
        String filter = requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        Matcher license = FILTER.matcher(filter);
        if (license.matches() && LicensedFeature.isName(license.group(1))) {
            return license.group(1);
        }
        throw new Refused(
                "not-a-bundle",
                jar + " requires " + NAMESPACE + " with the filter \"" + filter + "\"; it must be (" + NAMESPACE
                        + "=<feature>), and a feature " + LicensedFeature.FORM);
    }

    /** As JSON values. */
    Map<String, Object> write() {
        return Map.of(BUNDLE, bundle, LICENSES, licenses);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws io.gatehouse.api.command.BadArgument where it did not
     */
    static Needs read(Members members) {
        return new Needs(members.string(BUNDLE), members.strings(LICENSES));
    }
}

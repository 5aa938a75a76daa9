package io.gatehouse.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;

/** Says in an operator's words what a bundle lacks. */
final class Missing {
    private static final Pattern LEAST = Pattern.compile("version>=([^)]*)\\)");
    private static final Pattern BELOW = Pattern.compile("\\(!\\((?:bundle-)?version>=([^)]*)\\)\\)");
    private static final int NAMED = 3;

    private Missing() {}

    /** For example {@code acme.app 1.0.0 needs package acme.lib version [2.0.0,3.0.0) and nothing provides it}. */
    static String words(Requirement requirement, Hypothesis hypothesis) {
        String bundle = Hypothesis.name(requirement.getResource());
        String filter = requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, "");
        String namespace = requirement.getNamespace();
        String kind =
                switch (namespace) {
                    case PackageNamespace.PACKAGE_NAMESPACE -> "package ";
                    case BundleNamespace.BUNDLE_NAMESPACE -> "bundle ";
                    case HostNamespace.HOST_NAMESPACE -> "host bundle ";
                    default -> "";
                };
        Optional<String> name = name(namespace, filter);
        if (kind.isEmpty() || name.isEmpty()) {
            return bundle + " needs the capability " + namespace + " " + filter + " and nothing provides it"
                    + (namespace.equals(Needs.NAMESPACE) ? "; a license is required with effective:=active" : "");
        }
        return bundle + " needs " + kind + name.get() + range(filter) + " and nothing provides it"
                + others(namespace, name.get(), hypothesis);
    }

    /** Of what a requirement's filter asks for, in the namespaces of packages and bundles. */
    static Optional<String> name(String namespace, String filter) {
        Matcher name = Pattern.compile("\\(" + Pattern.quote(namespace) + "=([^)]*)\\)")
                .matcher(filter);
        return name.find() ? Optional.of(name.group(1)) : Optional.empty();
    }

    private static String range(String filter) {
        Matcher below = BELOW.matcher(filter);
        String end = below.find() ? below.group(1) : "";
        Matcher least = LEAST.matcher(below.replaceAll(""));
        String begin = least.find() ? least.group(1) : "";
        if (end.isEmpty()) {
            return begin.isEmpty() ? "" : " version " + begin + " or higher";
        }
        return " version [" + (begin.isEmpty() ? "0" : begin) + "," + end + ")";
    }

    private static String others(String namespace, String name, Hypothesis hypothesis) {
        List<String> others = new ArrayList<>();
        for (Capability offer : hypothesis.offers(namespace)) {
            Map<String, Object> attributes = offer.getAttributes();
            if (name.equals(attributes.get(namespace)) && others.size() < NAMED) {
                Object version = attributes.getOrDefault("version", attributes.get("bundle-version"));
                others.add(version + " of " + Hypothesis.name(offer.getResource())
                        + hypothesis
                                .vendor(offer)
                                .map(vendor -> ", which is for bundles of its vendor " + vendor
                                        + " unless exports of the vendor's grants name it")
                                .orElse(""));
            }
        }
        return others.isEmpty() ? "" : "; there is " + String.join(", ", others);
    }
}

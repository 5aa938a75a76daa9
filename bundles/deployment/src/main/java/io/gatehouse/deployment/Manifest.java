package io.gatehouse.deployment;

import io.gatehouse.api.command.Members;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.felix.utils.resource.ResourceBuilder;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.resource.Resource;

/**
 * What has to be known of a bundle that is left out, also when its JAR file has gone.
 *
 * @param needs the licenses
 * @param headers those that say what it needs of other bundles and what they have of it
 */
record Manifest(Needs needs, Version version, Map<String, String> headers) implements Named {
    private static final List<String> KEPT = List.of(
            Constants.BUNDLE_MANIFESTVERSION,
            Constants.BUNDLE_SYMBOLICNAME,
            Constants.BUNDLE_VERSION,
            Constants.FRAGMENT_HOST,
            Constants.REQUIRE_BUNDLE,
            Constants.IMPORT_PACKAGE,
            Constants.EXPORT_PACKAGE,
            Constants.REQUIRE_CAPABILITY,
            Constants.PROVIDE_CAPABILITY);

    /** Most of a long manifest, and of use to the resolver alone. */
    private static final Pattern USES = Pattern.compile(";\\s*uses:=\"[^\"]*\"");

    private static final String HEADERS = "headers";

    Manifest {
        headers = Map.copyOf(headers);
    }

    /**
     * Takes it from a JAR file.
     *
     * @throws Refused where the manifest is wrong
     */
    static Manifest of(Jar jar) throws Refused {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : KEPT) {
            String value = jar.headers().get(name);
            if (value != null) {
                headers.put(name, USES.matcher(value).replaceAll(""));
            }
        }
        jar.resource();
        return new Manifest(Needs.of(jar), jar.version(), headers);
    }

    @Override
    public String symbolicName() {
        return needs.bundle();
    }

    /** What it needs and provides. */
    Resource resource() {
        try {
            return ResourceBuilder.build("bundle:" + needs.bundle(), headers);
        } catch (BundleException e) {
            throw new IllegalArgumentException("the headers that were kept of " + needs.bundle() + " are wrong", e);
        }
    }

    @Override
    public String toString() {
        return symbolicName() + " " + version;
    }

    /** As JSON values. */
    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>(needs.write());
        members.put(HEADERS, headers);
        return members;
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException where it did not
     */
    static Manifest read(Members members) {
        Members kept = members.object(HEADERS);
        Map<String, String> headers = new LinkedHashMap<>();
        kept.values().keySet().forEach(name -> headers.put(name, kept.string(name)));
        Version version = Version.parseVersion(headers.get(Constants.BUNDLE_VERSION));
        Manifest read = new Manifest(Needs.read(members), version, headers);
        read.resource();
        return read;
    }
}

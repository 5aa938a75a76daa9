package io.gatehouse.testkit.gateway;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Constants;
import aQute.bnd.osgi.Jar;
import java.io.File;
import java.nio.file.Path;
import java.util.Map;

/** Bundles of the packages beside this class, each called as its package. */
final class Plugins {
    private Plugins() {}

    static Path rain(Path folder, int version) throws Exception {
        return build(folder, "rain", version, Map.of());
    }

    static Path licensed(Path folder) throws Exception {
        return build(folder, "licensed", 1, Map.of());
    }

    static Path broken(Path folder) throws Exception {
        return build(
                folder,
                "broken",
                1,
                Map.of(Constants.BUNDLE_ACTIVATOR, Plugins.class.getPackageName() + ".broken.Broken"));
    }

    /** Another version of {@link #rain}, which does not start. */
    static Path brokenRain(Path folder, int version) throws Exception {
        String broken = Plugins.class.getPackageName() + ".broken";
        return build(
                folder,
                "rain",
                version,
                Map.of(
                        Constants.PRIVATE_PACKAGE,
                        Plugins.class.getPackageName() + ".rain," + broken,
                        Constants.BUNDLE_ACTIVATOR,
                        broken + ".Broken"));
    }

    /** One that needs a package that no gateway has. */
    static Path unresolvable(Path folder) throws Exception {
        return build(folder, "rain", 3, Map.of(Constants.IMPORT_PACKAGE, "com.acme.absent,*"));
    }

    private static Path build(Path folder, String name, int version, Map<String, String> headers) throws Exception {
        String symbolicName = Plugins.class.getPackageName() + "." + name;
        try (Builder builder = new Builder()) {
            for (String path : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                if (!path.isEmpty()) {
                    builder.addClasspath(new File(path));
                }
            }
            builder.setBundleSymbolicName(symbolicName);
            builder.setBundleVersion(version + ".0.0");
            builder.setPrivatePackage(symbolicName);
            headers.forEach(builder::setProperty);
            Jar jar = builder.build();
            if (!builder.getErrors().isEmpty()) {
                throw new IllegalStateException(String.valueOf(builder.getErrors()));
            }
            Path file = folder.resolve(symbolicName + "-" + version + ".jar");
            jar.write(file.toFile());
            return file;
        }
    }
}

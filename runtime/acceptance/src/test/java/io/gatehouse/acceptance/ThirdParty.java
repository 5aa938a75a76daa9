package io.gatehouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * Bundles that belong together, and a plug-in that uses them.
 *
 * @param older jars, without {@code .jar}; the last is what the plug-in uses
 * @param newer jars that take their place
 * @param restarted symbolic names of what an update restarts although it does not change, the plug-in left out
 * @param headers of the plug-in
 * @param code a method {@code says} of the plug-in, and what that takes
 * @param says what that gives, with either version
 */
record ThirdParty(
        String name,
        List<String> older,
        List<String> newer,
        Set<String> restarted,
        Map<String, String> headers,
        String code,
        String says) {
    /** What the build copied here, of versions that stand in the pom. */
    static final Path FOLDER = Path.of("target/third-party");

    ThirdParty(String name, List<String> older, List<String> newer, String code, String says) {
        this(name, older, newer, Set.of(), Map.of(), code, says);
    }

    /** The plug-in's symbolic name. */
    String user() {
        return "com.acme.user." + name;
    }

    /** The last bundle's. */
    String used() {
        return symbolicName(older.get(older.size() - 1));
    }

    @Override
    public String toString() {
        return name;
    }

    static Stream<ThirdParty> all() {
        return Stream.of(gson(), lang(), jackson(), gogo(), spifly(), signed(), netty());
    }

    static ThirdParty gson() {
        return new ThirdParty("gson", List.of("gson-2.10.1"), List.of("gson-2.13.2"), """
                String says() {
                    return new com.google.gson.Gson().toJson(java.util.List.of(1, 2));
                }
                """, "[1,2]");
    }

    private static ThirdParty lang() {
        return new ThirdParty("lang", List.of("commons-lang3-3.17.0"), List.of("commons-lang3-3.20.0"), """
                String says() {
                    return org.apache.commons.lang3.StringUtils.capitalize("rain");
                }
                """, "Rain");
    }

    /** Three bundles, of which two are multi-release jars. */
    private static ThirdParty jackson() {
        return new ThirdParty(
                "jackson",
                List.of("jackson-core-2.18.3", "jackson-annotations-2.18.3", "jackson-databind-2.18.3"),
                List.of("jackson-core-2.19.2", "jackson-annotations-2.19.2", "jackson-databind-2.19.2"),
                """
                String says() throws java.io.IOException {
                    var mapper = new com.fasterxml.jackson.databind.ObjectMapper();
                    return mapper.readTree("[7]").get(0).asText();
                }
                """,
                "7");
    }

    /** Services of bundles with activators; the commands, which stay as they are, and our own terminal are wired to the runtime that changes. */
    static ThirdParty gogo() {
        return new ThirdParty(
                "gogo",
                List.of("org.apache.felix.gogo.command-1.1.2", "org.apache.felix.gogo.runtime-1.1.4"),
                List.of("org.apache.felix.gogo.command-1.1.2", "org.apache.felix.gogo.runtime-1.1.6"),
                Set.of("org.apache.felix.gogo.command", "io.gatehouse.terminal"),
                Map.of(),
                """
                private final org.apache.felix.service.command.CommandProcessor processor;

                @org.osgi.service.component.annotations.Activate
                public User(@org.osgi.service.component.annotations.Reference
                        org.apache.felix.service.command.CommandProcessor processor) {
                    this.processor = processor;
                }

                String says() throws java.io.IOException {
                    var out = new java.io.PrintStream(java.io.OutputStream.nullOutputStream());
                    try (var session = processor.createSession(java.io.InputStream.nullInputStream(), out, out)) {
                        return String.valueOf(String.valueOf(session.execute("lb -s gogo.command"))
                            .contains("org.apache.felix.gogo.command"));
                    } catch (Exception e) { // as Gogo declares it
                        throw new java.io.IOException("gogo does not list", e);
                    }
                }
                """,
                "true");
    }

    /** An extender, which weaves the classes of whoever asks for it. */
    static ThirdParty spifly() {
        return new ThirdParty(
                "spifly",
                asm("9.8", "org.apache.aries.spifly.dynamic.bundle-1.3.6"),
                asm("9.9.1", "org.apache.aries.spifly.dynamic.bundle-1.3.7"),
                Set.of(),
                Map.of(
                        "Require-Capability",
                        "osgi.extender;filter:='(osgi.extender=osgi.serviceloader.processor)',"
                                + "osgi.extender;filter:='(osgi.extender=osgi.serviceloader.registrar)',"
                                + "osgi.serviceloader;filter:='(osgi.serviceloader=java.util.function.Supplier)'",
                        "Provide-Capability",
                        "osgi.serviceloader;osgi.serviceloader='java.util.function.Supplier'",
                        "-includeresource.spi",
                        "META-INF/services/java.util.function.Supplier;literal='com.acme.user.spifly.User$Given'"),
                """
                public static final class Given implements java.util.function.Supplier<String> {
                    public String get() { return "found"; }
                }

                String says() {
                    var given = java.util.ServiceLoader.load(java.util.function.Supplier.class).findFirst();
                    return given.map(one -> one.get().toString()).orElse("nothing");
                }
                """,
                "found");
    }

    private static List<String> asm(String version, String user) {
        return List.of(
                "asm-" + version,
                "asm-tree-" + version,
                "asm-analysis-" + version,
                "asm-commons-" + version,
                "asm-util-" + version,
                user);
    }

    /** Signed by somebody whom the fleet does not know, and lazily activated. */
    private static ThirdParty signed() {
        return new ThirdParty(
                "signed",
                List.of("org.eclipse.paho.client.mqttv3-1.2.2"),
                List.of("org.eclipse.paho.client.mqttv3-1.2.5"),
                """
                String says() {
                    return new org.eclipse.paho.client.mqttv3.MqttMessage(new byte[] {'a'}).toString();
                }
                """,
                "a");
    }

    /** Optional imports of a dozen packages, and native code in a fragment, whose name is another in the newer version. */
    private static ThirdParty netty() {
        return new ThirdParty("netty", netty("4.1.118.Final"), netty("4.1.130.Final"), """
                String says() {
                    return String.valueOf(io.netty.channel.epoll.Epoll.isAvailable());
                }
                """, String.valueOf(isNative()));
    }

    private static boolean isNative() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    private static List<String> netty(String version) {
        return List.of(
                "netty-common-" + version,
                "netty-buffer-" + version,
                "netty-resolver-" + version,
                "netty-transport-" + version,
                "netty-transport-native-unix-common-" + version,
                "netty-transport-native-epoll-" + version + "-linux-x86_64",
                "netty-transport-classes-epoll-" + version);
    }

    static Path jar(String name) {
        return FOLDER.resolve(name + ".jar");
    }

    static Path[] jars(List<String> names) {
        return names.stream().map(ThirdParty::jar).toArray(Path[]::new);
    }

    static String symbolicName(String jar) {
        return Bundles.id(jar(jar)).split(":", 3)[1];
    }

    static String version(String jar) {
        return Version.parseVersion(Bundles.id(jar(jar)).split(":", 3)[2]).toString();
    }

    /** The plug-in, with these headers besides: it tells which version of the last bundle it is wired to, and what that does. */
    Path user(Path folder, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new Bundles(folder, List.of(jars(older)))
                .bundle(user(), "1.0.0", all, "User", """
                @org.osgi.service.component.annotations.Component
                @io.gatehouse.api.telemetry.Publishes(topic = "example/%s", period = "PT0.2S")
                public class User implements io.gatehouse.api.telemetry.Collector {
                    %s

                    public io.gatehouse.api.telemetry.Reading read() throws java.io.IOException {
                        var wiring = org.osgi.framework.FrameworkUtil.getBundle(User.class)
                            .adapt(org.osgi.framework.wiring.BundleWiring.class);
                        var version = wiring.getRequiredWires(null).stream()
                            .map(wire -> wire.getProvider().getBundle())
                            .filter(bundle -> bundle.getSymbolicName().equals("%s"))
                            .map(bundle -> bundle.getVersion().toString())
                            .findFirst();
                        return io.gatehouse.api.telemetry.Reading.of("version", version.orElse("none"))
                            .with("says", says());
                    }
                }
                """.formatted(name, code, used()));
    }

    /** What a bundle of its kind can be when it runs. */
    static List<String> states(String jar) {
        try (JarFile file = new JarFile(jar(jar).toFile())) {
            Attributes headers = file.getManifest().getMainAttributes();
            if (headers.getValue(Constants.FRAGMENT_HOST) != null) {
                return List.of("resolved");
            }
            return headers.getValue(Constants.BUNDLE_ACTIVATIONPOLICY) == null
                    ? List.of("active")
                    : List.of("active", "starting"); // the latter until somebody needs a class of it
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar, e);
        }
    }
}

package io.gatehouse.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;

/**
 * What is measured, all on one JDK and with the same flags.
 *
 * @param home the gateway's folder, as shipped
 * @param floorPath the floor's class path; see {@link #floorPath(Path)}
 * @param karaf the peer, if it is here
 */
record Programs(Path work, URI broker, Path home, JavaFlags java, String floorPath, Optional<Path> karaf) {
    static final String GATEWAY_DEVICE = "bench/gateway/1";
    static final String FLOOR_DEVICE = "bench/floor/1";
    static final String KARAF_DEVICE = "bench/karaf/1";

    private static final String JAVA_HOME = "JAVA_HOME";

    /** The gateway's script, with a state folder of this name. */
    static Program gateway(Path work, URI broker, Path home, String state) {
        return new Program(
                "gateway",
                GATEWAY_DEVICE,
                List.of(
                        home.resolve("bin/gatehouse-gateway").toString(),
                        "--broker",
                        broker.toString(),
                        "--device",
                        GATEWAY_DEVICE,
                        "--state",
                        work.resolve(state).toString(),
                        "-D",
                        Fleet.root().toString()),
                Map.of(JAVA_HOME, javaHome()),
                work.resolve(state + ".log"));
    }

    Program gateway(String state) {
        return gateway(work, broker, home, state);
    }

    /** The floor; see {@link Floor} for what it can do. */
    Program floor(String what, String... more) {
        Path archive = work.resolve("floor-" + what + ".jsa");
        List<String> command = new ArrayList<>(List.of(javaHome() + "/bin/java"));
        command.addAll(java.flags());
        if (java.archived()) {
            command.add((Files.exists(archive) ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=") + archive);
        }
        command.addAll(List.of("-cp", floorPath, Floor.class.getName(), what, broker.toString(), FLOOR_DEVICE));
        command.addAll(List.of(more));
        return new Program("floor", FLOOR_DEVICE, command, java.environment(), work.resolve("floor-" + what + ".log"));
    }

    /** The peer, with the gateway's own bundles in it. */
    Optional<Program> peer() {
        return karaf.map(folder -> {
            Map<String, String> environment = new HashMap<>(java.environment());
            environment.put(JAVA_HOME, javaHome());
            environment.put("JAVA_OPTS", String.join(" ", java.flags()));
            return new Program(
                    "Karaf minimal",
                    KARAF_DEVICE,
                    List.of(folder.resolve("bin/karaf").toString(), "daemon"),
                    environment,
                    work.resolve("karaf.log"));
        });
    }

    private static String javaHome() {
        return System.getProperty("java.home");
    }

    /** Paho's jar and one with {@link Floor}: an archive of classes is made of jars alone. */
    static String floorPath(Path work) throws IOException {
        Path jar = work.resolve("floor.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> type : List.of(Floor.class, Window.class, Callback.class)) {
                String name = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(name));
                try (InputStream in = Programs.class.getClassLoader().getResourceAsStream(name)) {
                    Objects.requireNonNull(in, name).transferTo(out);
                }
                out.closeEntry();
            }
        }
        return jarOf(MqttAsyncClient.class) + File.pathSeparator + jar;
    }

    private static String jarOf(Class<?> type) throws IOException {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IOException("cannot find the jar of " + type, e);
        }
    }

    /** The bundles that the gateway ships. */
    static List<Path> bundles(Path home) throws IOException {
        try (var files = Files.list(home.resolve("bundles"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }
}

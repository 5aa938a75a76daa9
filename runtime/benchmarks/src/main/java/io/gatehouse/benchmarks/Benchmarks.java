package io.gatehouse.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.common.MqttException;

/** The benchmarks as a program; run from the project's folder. */
final class Benchmarks {
    private static final Path HOME = Path.of("runtime/gateway/target/gateway");
    private static final Path KARAF = Path.of("runtime/benchmarks/target/karaf.tar.gz");
    private static final List<Benchmark> ALL = List.of(
            new Start(),
            new Memory(),
            new Swap(),
            new Throughput(),
            new Download(),
            new Tunnel(),
            new FirmwareFleet(),
            new FirmwareDelta());

    private final Options options;
    private final Path work;
    private final List<String> gaps = new ArrayList<>();

    private Benchmarks(Options options, Path work) {
        this.options = options;
        this.work = work;
    }

    public static void main(String[] args) throws IOException, InterruptedException, MqttException {
        Options options;
        try {
            options = Options.parse(
                    List.of(args), ALL.stream().map(Benchmark::name).toList());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Path work = Files.createTempDirectory(Files.createDirectories(Path.of("runtime/benchmarks/target")), "run")
                .toAbsolutePath();
        new Benchmarks(options, work).run();
        delete(work); // stays where something failed: the logs are in it
        System.exit(0); // Paho leaves threads behind
    }

    private void run() throws IOException, InterruptedException, MqttException {
        Path home = HOME.toAbsolutePath();
        if (!Files.isExecutable(home.resolve("bin/gatehouse-gateway"))) {
            throw new IOException("there is no gateway in " + home + ": make it with ./dev build");
        }
        Path program = Mosquitto.installed()
                .orElseThrow(
                        () -> new IOException("there is no mosquitto: install it, for example apt install mosquitto"));
        try (Mosquitto broker = Mosquitto.start(program, work)) {
            try (Operator operator = Operator.at(broker.uri())) {
                operator.publish(Fleet.TRUST, Fleet.trust());
            }
            Bench bench = new Bench(work, broker.uri(), programs(archived(home), broker.uri()), options.quick());
            List<Row> rows = new ArrayList<>();
            List<String> methods = new ArrayList<>();
            for (Benchmark benchmark : ALL) {
                Optional<String> missing = benchmark.missing();
                if (options.names().contains(benchmark.name()) && missing.isPresent()) {
                    gaps.add(benchmark.name() + ": " + missing.get() + ".");
                } else if (options.names().contains(benchmark.name())) {
                    rows.addAll(benchmark.run(bench));
                    methods.add(benchmark.method());
                } else {
                    gaps.add(benchmark.name() + " was not asked for: `./dev bench` without names runs all.");
                }
            }
            Report report = new Report(surroundings(bench, broker), rows, methods, gaps);
            Files.writeString(options.out(), report.markdown());
            System.out.println(report.verdict() + "\nWrote " + options.out());
        }
    }

    /** A copy of the gateway with an archive of its classes, as an image has it. */
    private Path archived(Path home) throws IOException, InterruptedException {
        Path copy = work.resolve("gateway");
        Running.toItsEnd(List.of("cp", "-Rp", home.toString(), copy.toString()), Map.of(), work.resolve("copy.log"));
        String script = copy.resolve("bin/gatehouse-gateway").toString();
        Map<String, String> java = Map.of("JAVA_HOME", System.getProperty("java.home"));
        Running.toItsEnd(List.of(script, "archive"), java, work.resolve("archive.log"));
        return copy;
    }

    /** Starts the gateway once, to see how it runs Java; what it leaves in caches is there for all that is measured. */
    private Programs programs(Path home, URI broker) throws IOException, InterruptedException {
        JavaFlags flags;
        try (Running gateway = Programs.gateway(work, broker, home, "first").start()) {
            flags = JavaFlags.of(gateway.java());
        }
        Optional<Path> karaf = Optional.empty();
        if (Files.exists(KARAF)) {
            karaf = Optional.of(Karaf.unpack(KARAF.toAbsolutePath(), home, work, broker));
        } else {
            gaps.add("Karaf minimal is not here: `mvn package -Pkaraf -pl runtime/benchmarks` fetches it (29 MB).");
        }
        return new Programs(work, broker, home, flags, Programs.floorPath(work), karaf);
    }

    private Map<String, String> surroundings(Bench bench, Mosquitto broker) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(Machine.describe());
        all.put("broker", broker.description());
        all.put("Java flags of all", bench.programs().java().text());
        all.put("day", LocalDate.now(ZoneOffset.UTC) + (options.quick() ? ", `--quick`: no figures to rely on" : ""));
        return all;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

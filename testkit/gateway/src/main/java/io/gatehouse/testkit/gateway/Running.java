package io.gatehouse.testkit.gateway;

import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A gateway that runs, on folders of its own, and the broker that it is connected to. */
final class Running implements AutoCloseable {
    /** For whatever is awaited: far longer than it takes, on a busy machine too. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A gateway that is cut off often makes pauses of up to a minute. */
    private static final Duration COMES_BACK_WITHIN = PATIENCE.multipliedBy(2);

    private static final Duration LOOKS_UP = Duration.ofMillis(200);
    private static final int LAST_LINES = 15;

    private final Gateway.Options options;
    private final Path folder;
    private final GatewayClock clock;
    private final Authority authority;
    private final Carrier carrier;
    private final GatewayProcess process;
    private final Thread atTheEnd = new Thread(this::stop, "gatehouse testkit clean-up");

    /** Starts it; it is online when this returns. */
    static Running start(Gateway.Options options, GatewayClock.Moved clockMoved) throws InterruptedException {
        Running running = new Running(options, clockMoved);
        try {
            Runtime.getRuntime().addShutdownHook(running.atTheEnd);
            running.carrier.open();
            running.carrier.publish(running.authority.trust());
            running.awaitOnline(Set.of());
            return running;
        } catch (InterruptedException | RuntimeException | Error e) {
            running.close();
            throw e;
        }
    }

    private Running(Gateway.Options options, GatewayClock.Moved clockMoved) {
        this.options = options;
        try {
            folder = Files.createTempDirectory("gatehouse-testkit-");
        } catch (IOException e) {
            throw new UncheckedIOException("no folder in " + System.getProperty("java.io.tmpdir"), e);
        }
        ShippedRuntime.unpackMeanwhile();
        carrier = new Carrier(folder.resolve("broker"));
        try {
            clock = new GatewayClock(folder.resolve("clock"), clockMoved);
            authority = new Authority(options.device(), options.place(), clock);
            process = new GatewayProcess(arguments());
        } catch (RuntimeException | Error e) {
            carrier.close();
            ShippedRuntime.delete(folder);
            throw e;
        }
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(
                "--broker",
                carrier.address().toString(),
                "--device",
                options.device(),
                "--state",
                folder.resolve("state").toString(),
                "-D",
                "gatehouse.root=" + authority.root(),
                "-D",
                "gatehouse.clock=" + folder.resolve("clock")));
        options.place().ifPresent(place -> arguments.addAll(List.of("--place", place)));
        options.settings().forEach(setting -> arguments.addAll(List.of("-D", setting)));
        return arguments;
    }

    GatewayClock clock() {
        return clock;
    }

    Authority authority() {
        return authority;
    }

    Carrier carrier() {
        return carrier;
    }

    Recording recording() {
        return carrier.recording();
    }

    List<String> log() {
        return process.log();
    }

    void brokerGone(Faults.Meanwhile meanwhile) throws Exception {
        Set<String> before = saidOnline();
        carrier.stopBroker();
        try {
            meanwhile.run();
        } finally {
            carrier.startBrokerAgain();
            awaitOnline(before);
        }
    }

    void linkCut(Faults.Meanwhile meanwhile) throws Exception {
        Set<String> before = saidOnline();
        carrier.cutLink();
        try {
            meanwhile.run();
        } finally {
            carrier.mendLink();
            awaitOnline(before);
        }
    }

    void powerCut() throws InterruptedException {
        Set<String> before = saidOnline();
        process.kill();
        process.startAgain();
        awaitOnline(before);
    }

    /** What it said so far when it came online: each time something else, as it says when. */
    private Set<String> saidOnline() {
        return recording().since(0, this::isOnline).stream().map(Running::text).collect(Collectors.toSet());
    }

    /** Waits until it says that it is online, and not what it said before. A broker may tell again what it kept. */
    private void awaitOnline(Set<String> before) throws InterruptedException {
        long end = System.nanoTime() + COMES_BACK_WITHIN.toNanos();
        while (recording()
                .await(0, message -> isOnline(message) && !before.contains(text(message)), LOOKS_UP)
                .isEmpty()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new AssertionError("the gateway is not online; it wrote last:\n" + lastLines());
            }
        }
    }

    private boolean isOnline(Message message) {
        return message.topic().equals(options.device() + "/status")
                && message.payload().length > 0
                && Json.read(message.payload())
                        .optionalString("state")
                        .filter("online"::equals)
                        .isPresent();
    }

    private static String text(Message message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }

    /** What an error shows of the gateway's log. */
    String lastLines() {
        List<String> lines = log();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atTheEnd);
        } catch (IllegalStateException e) {
            return; // the end of this process was first, and stops it
        }
        stop();
    }

    private void stop() {
        process.kill();
        carrier.close();
        ShippedRuntime.delete(folder);
    }
}

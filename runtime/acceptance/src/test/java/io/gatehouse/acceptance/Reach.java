package io.gatehouse.acceptance;

import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A device behind a NAT, a broker outside, and there an operator with the command {@code gatehouse}. */
final class Reach implements AutoCloseable {
    static final String DEVICE = "dwr/311-a1/behind-a-nat";

    private static final int LISTENING = 0x0a;

    private final Path folder;
    private final Nat nat;
    private final Mosquitto broker;
    private final Operator operator;
    private final Path key;
    private final Map<String, GatewayProcess> gateways = new LinkedHashMap<>();
    private final List<Runnable> ends = new ArrayList<>();
    private final int port = BrokerProcess.freePort();

    private Reach(Path folder, Nat nat) throws IOException {
        this.folder = folder;
        this.nat = nat;
        broker = new Mosquitto(
                Files.createDirectories(folder.resolve("broker")), "listener " + port + " " + nat.outside());
        broker.start();
        operator = Operator.at(broker.uri());
        key = Fleet.writeOperator(folder.resolve("operator.key"));
    }

    /** All of it, with the device online; skips the test that calls it where no such network can be made. */
    static Reach begin(Path folder) throws IOException {
        Mosquitto.assumeInstalled();
        Reach reach = new Reach(folder, Nat.build());
        reach.device(DEVICE, reach.nat.device());
        return reach;
    }

    /** Starts one more device behind the same NAT, and waits until it is online. */
    GatewayProcess device(String name, Surroundings surroundings) throws IOException {
        String id = name.substring(name.lastIndexOf('/') + 1);
        GatewayProcess gateway = GatewayProcess.start(
                surroundings, outside(), name, folder.resolve(id), "-D", "gatehouse.broker.plaintext=true");
        gateways.put(name, gateway);
        operator.await(
                "online: " + name,
                heard -> heard.topic().equals(name + "/status")
                        && heard.body().string("state").equals("online"));
        return gateway;
    }

    Nat nat() {
        return nat;
    }

    Operator operator() {
        return operator;
    }

    /** The first device's. */
    GatewayProcess gateway() {
        return gateways.get(DEVICE);
    }

    /** The broker, as device and operator know it. */
    URI outside() {
        return URI.create("tcp://" + nat.outside() + ":" + port);
    }

    /** Has all devices of the model configured so, and waits until those that were started are. */
    void configure(String pid, Map<String, ?> values) {
        String topic = "dwr/311-a1/desired/configuration/" + pid;
        String digest = operator.publish(topic, new Envelope(Optional.of(values), Rollout.ALL).write(), true);
        gateways.keySet().forEach(name -> operator.ended(name, topic, digest));
    }

    /** The operator's command line. */
    List<String> gatehouse(String... words) {
        List<String> command = new ArrayList<>(List.of(GatewayProcess.home()
                .resolve("../../../../bundles/cli/target/gatehouse/bin/gatehouse")
                .normalize()
                .toString()));
        command.addAll(Arrays.asList(words));
        return command;
    }

    /** What such a command finds in its environment. */
    Map<String, String> environment() {
        return Map.of(
                "GATEHOUSE_BROKER",
                outside().toString(),
                "GATEHOUSE_PLAINTEXT",
                "true",
                "GATEHOUSE_KEY",
                key.toString());
    }

    /** Somebody at a terminal in whom this command runs. */
    Seat seat(String... words) throws IOException {
        Seat seat = Seat.at(gatehouse(words), environment());
        ends.add(0, seat::close);
        return seat;
    }

    /** Such a command, without a terminal. */
    Child run(String... words) throws IOException {
        Child child = Child.start(gatehouse(words), folder, new HashMap<>(environment()));
        ends.add(0, child::close);
        return child;
    }

    /** A program on the device, until the end. */
    Child onDevice(String... command) throws IOException {
        Child child = Child.start(nat.onDevice(command));
        ends.add(0, child::close);
        return child;
    }

    /** The ports at which somebody listens on the device. */
    Set<Integer> doors() throws IOException {
        Set<Integer> ports = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            Path file = Path.of("/proc/" + gateway().java().pid() + "/net/" + table);
            for (String line : Files.readAllLines(file)) {
                String[] words = line.strip().split("\\s+");
                if (words.length > 3
                        && words[3].matches("[0-9A-F]{2}")
                        && Integer.parseInt(words[3], 16) == LISTENING) {
                    ports.add(Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }

    @Override
    public void close() throws IOException {
        ends.forEach(Runnable::run);
        gateways.values().forEach(GatewayProcess::close);
        operator.close();
        broker.close();
        nat.close();
    }
}

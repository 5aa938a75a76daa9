package io.gatehouse.testkit.gateway;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.TransportProvider;
import io.gatehouse.broker.BrokerUnavailable;
import io.gatehouse.broker.EmbeddedBroker;
import io.gatehouse.cli.fleet.ArtifactServer;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Trouble;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;

/** A broker in this process, a way to it for the gateway, and somebody at it who records everything and serves files. */
final class Carrier implements AutoCloseable {
    private static final Duration LOOKS_UP = Duration.ofMillis(200);

    private final Path data;
    private final CompletableFuture<EmbeddedBroker> first;
    private final Link ours = new Link();
    private final Link gateways = new Link();
    private final Recording recording = new Recording();
    private final List<ArtifactServer> servers = new CopyOnWriteArrayList<>();
    private final Thread recorder = new Thread(this::record, "gatehouse testkit recorder");
    private volatile CompletableFuture<Fleet> fleet;
    private Optional<EmbeddedBroker> broker = Optional.empty();
    private volatile boolean isClosed;

    /** Begins to start the broker, which keeps what it has in this folder. */
    Carrier(Path data) {
        this.data = data;
        first = CompletableFuture.supplyAsync(this::startBroker);
        var unused = first.thenAccept(started -> gateways.mend(started.port()));
        fleet = CompletableFuture.supplyAsync(this::connect);
    }

    /** Waits until it is there. */
    void open() {
        broker = Optional.of(first.join());
        fleet.join();
        recorder.setDaemon(true);
        recorder.start();
    }

    /** Where the gateway finds the broker. */
    URI address() {
        return gateways.uri();
    }

    void cutLink() {
        gateways.cut();
    }

    void mendLink() {
        broker.ifPresent(running -> gateways.mend(running.port()));
    }

    Recording recording() {
        return recording;
    }

    Fleet fleet() {
        return fleet.join();
    }

    /** Publishes, and waits until the broker has it. */
    void publish(Message message) throws InterruptedException {
        try {
            fleet().publish(message);
        } catch (Trouble e) {
            throw new IllegalStateException("the broker does not take " + message.topic(), e);
        }
    }

    /** Serves these from now on. */
    void serve(Map<Sha256, Path> files) {
        servers.add(new ArtifactServer(files, message -> fleet().send(message), Carrier::note, ArtifactServer.ROOM));
    }

    void stopBroker() {
        // the links last: to Artemis a session that is cut off while it stops is an error
        var unused = fleet.thenAccept(Fleet::close);
        broker.ifPresent(EmbeddedBroker::close);
        gateways.cut();
        ours.cut();
        broker = Optional.empty();
    }

    /** Starts it with what it had. */
    void startBrokerAgain() {
        broker = Optional.of(startBroker());
        // anew: one that was cut off often would make longer and longer pauses
        fleet = CompletableFuture.completedFuture(connect());
        // behind us, or what it sends first would not be recorded
        mendLink();
    }

    private EmbeddedBroker startBroker() {
        try {
            EmbeddedBroker started = EmbeddedBroker.start(0, Optional.of(data));
            ours.mend(started.port());
            return started;
        } catch (BrokerUnavailable e) {
            throw new IllegalStateException("there is no broker for the gateway", e);
        }
    }

    /** Tries as long as the broker takes to start, which on a busy machine is longer than a client waits. */
    private Fleet connect() {
        long end = System.nanoTime() + Running.PATIENCE.toNanos();
        while (true) {
            try {
                return Fleet.connect(
                        ServiceLoader.load(TransportProvider.class, Carrier.class.getClassLoader()),
                        ours.uri(),
                        List.of("#"),
                        Carrier::note);
            } catch (Trouble e) {
                if (isClosed || System.nanoTime() > end) {
                    throw new CompletionException("the testkit does not reach its broker", e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException("interrupted while connecting", e);
            }
        }
    }

    private static void note(String words) {
        // that the connection was lost and found again, where a test wanted it so
    }

    private void record() {
        try {
            while (!isClosed) {
                fleet().next(LOOKS_UP).ifPresent(message -> {
                    servers.forEach(server -> server.take(message));
                    recording.add(message);
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    @Override
    public void close() {
        isClosed = true;
        recorder.interrupt();
        servers.forEach(ArtifactServer::close);
        // begun already where nobody opened this
        Optional<EmbeddedBroker> begun =
                first.handle((started, failure) -> Optional.ofNullable(started)).join();
        broker = broker.or(() -> begun);
        stopBroker();
        gateways.close();
        ours.close();
    }
}

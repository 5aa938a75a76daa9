package io.gatehouse.demo;

import io.gatehouse.broker.EmbeddedBroker;
import io.gatehouse.cli.fleet.Fleet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is to be undone when the demo ends, however it ends: the gateway first, so that it can say that it leaves, then
 * the broker, then the files. Run by a shutdown hook, so a signal that comes while things start ends what started.
 */
final class Ending implements Runnable {
    private @Nullable GatewayProcess gateway;
    private @Nullable Fleet connection;
    private @Nullable EmbeddedBroker broker;
    private @Nullable Path file;
    private @Nullable Path log;
    private @Nullable Path folder;
    private boolean logIsKept;
    private volatile boolean begun;

    /** A folder that is deleted with all in it. */
    synchronized void folder(Path doomed) {
        folder = doomed;
    }

    synchronized void broker(EmbeddedBroker started) {
        broker = started;
    }

    synchronized void connection(Fleet opened) {
        connection = opened;
    }

    synchronized Fleet connection() {
        if (connection == null) {
            throw new IllegalStateException("not connected yet");
        }
        return connection;
    }

    synchronized void file(Path written) {
        file = written;
    }

    synchronized void gateway(GatewayProcess started, Path itsLog) {
        gateway = started;
        log = itsLog;
    }

    /** Something in it is worth a look. */
    synchronized void keepLog() {
        logIsKept = true;
    }

    /** Whether all is being ended, so that what ends is no news. */
    boolean hasBegun() {
        return begun;
    }

    @Override
    public void run() {
        begun = true;
        end();
    }

    private synchronized void end() {
        delete(file);
        if (gateway != null) {
            gateway.stop();
        }
        if (connection != null) {
            connection.close();
        }
        if (broker != null) {
            broker.close();
        }
        if (!logIsKept) {
            delete(log);
        }
        if (folder != null) {
            deleteFolder(folder);
        }
    }

    private static void delete(@Nullable Path path) {
        try {
            if (path != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            System.err.println("cannot delete " + path + ": " + e.getMessage());
        }
    }

    private static void deleteFolder(Path folder) {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(folder)) {
            paths = all.sorted(Comparator.reverseOrder()).toList();
        } catch (IOException e) {
            System.err.println("cannot delete " + folder + ": " + e.getMessage());
            return;
        }
        paths.forEach(Ending::delete);
    }
}

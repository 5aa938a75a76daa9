package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Eclipse Mosquitto, as the machine has it. */
public final class Mosquitto extends BrokerProcess {
    static final Path PROGRAM = Path.of("/usr/sbin/mosquitto");

    private final Path directory;
    private final List<String> settings;

    /**
     * A broker that did not start yet.
     *
     * @param directory where it keeps its configuration and, if it keeps them, its sessions
     * @param settings lines of its configuration, as in mosquitto.conf(5)
     */
    public Mosquitto(Path directory, String... settings) throws IOException {
        this.directory = directory;
        this.settings = List.of(settings);
    }

    /** One that saves its sessions after each change, so that they live through a kill -9. */
    public static Mosquitto persistent(Path directory) throws IOException {
        return persistent(directory, List.of());
    }

    /** As {@link #persistent(Path)}, with more lines of its configuration. */
    static Mosquitto persistent(Path directory, List<String> more) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                // One that root starts becomes another user, who may not write there, unless it is told not to.
                "user root",
                "persistence true",
                "persistence_location " + directory + "/",
                "autosave_on_changes true",
                "autosave_interval 1"));
        settings.addAll(more);
        return new Mosquitto(directory, settings.toArray(String[]::new));
    }

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /** Skips the test that calls it where this machine has no mosquitto. */
    public static void assumeInstalled() {
        assumeTrue(
                isInstalled(),
                "skipped: nothing is tried against mosquitto, because there is no " + PROGRAM
                        + " (Debian: apt-get install mosquitto mosquitto-clients)");
    }

    @Override
    public void forget() throws IOException {
        empty(directory);
    }

    @Override
    protected Child launch() throws IOException {
        List<String> lines = new ArrayList<>(
                List.of("listener " + port() + " 127.0.0.1", "allow_anonymous true", "max_queued_messages 0"));
        lines.addAll(settings);
        Path file = directory.resolve("mosquitto.conf");
        Files.write(file, lines);
        return Child.start(List.of(PROGRAM.toString(), "-c", file.toString()));
    }
}

package io.gatehouse.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saves that become versions, against a broker and a device in this process; an acceptance test has a gateway and Maven. */
final class DevCommandTest {
    private static final String ONE = "dwr/311-a1/00-00-00-00-00-01";
    private static final String TOPIC = ONE + "/desired/feature/com.acme.rain";

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);
    private final AtomicInteger exitCode = new AtomicInteger(-1);

    @TempDir
    private Path folder;

    private FakeDevice one;
    private Path project;

    @BeforeEach
    void aDeviceAndAProjectAreThere() throws IOException {
        SigningKey operator = SigningKey.generate();
        console.signBy(operator, folder);
        one = new FakeDevice(broker, ONE, "world/asia", Trusting.allTo(SigningKey.generate(), operator, "dwr"));
        project = Files.createDirectories(folder.resolve("rain"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        Files.writeString(project.resolve("bnd.bnd"), "one");
        Files.createDirectories(project.resolve("target"));
        Jars.jar(
                folder.resolve("rain.jar"),
                Map.of(
                        "Bundle-SymbolicName",
                        "com.acme.rain",
                        "Bundle-Version",
                        "1.0.0",
                        "Provide-Capability",
                        "io.gatehouse.publishes;topic=\"rain/rain\""),
                Map.of());
    }

    @AfterEach
    void leave() {
        one.close();
    }

    private Thread run(String... more) {
        List<String> words = new ArrayList<>(List.of("dev", project.toString(), "--to", ONE));
        words.addAll(List.of(more));
        Thread thread = new Thread(() -> exitCode.set(console.run(words.toArray(String[]::new))));
        thread.start();
        return thread;
    }

    private void awaitSaid(String words) {
        await().atMost(Duration.ofSeconds(30)).until(() -> (console.out() + console.err()).contains(words));
    }

    private void read(int much) {
        Map<String, ?> reading = Map.of("at", Instant.now().toString(), "much", much);
        broker.publish(Message.json(ONE + "/rain/rain", Json.write(reading)));
    }

    private List<Message> wishes() {
        return broker.published().stream()
                .filter(message -> message.topic().equals(TOPIC))
                .toList();
    }

    @Test
    void shipsAVersionOfItsOwnAndShowsItsFirstReadingAndLeavesItThere() throws Exception {
        Thread running = run("--build", "cp ../rain.jar target/");
        await().atMost(Duration.ofSeconds(30)).until(() -> one.fetched().length > 0);
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            read(7);
            return console.out().contains("rain/rain  much=7");
        });
        awaitSaid("waiting for saves");
        assertTrue(
                console.out()
                        .matches("(?s).*com\\.acme\\.rain 1\\.0\\.0\\.[0-9-]+  applied [0-9.]+ s, first reading"
                                + " [0-9.]+ s after the start; built in [0-9.]+ s by --build.*"),
                console.out());
        String id = Json.read(wishes().get(0).payload()).object("spec").string("id");
        assertTrue(id.matches("com\\.acme:com\\.acme\\.rain:1\\.0\\.0\\.[0-9-]+"), id);
        running.interrupt();
        running.join();
        assertEquals(130, exitCode.get());
        assertTrue(console.err().contains("stays on " + ONE + "; gatehouse remove com.acme.rain"), console.err());
        assertEquals(1, wishes().size());
    }

    @Test
    void takesItAwayAtTheEndWhereThatIsAskedFor() throws Exception {
        Thread running = run("--build", "cp ../rain.jar target/", "--remove-at-end", "--timeout", "1s");
        awaitSaid("waiting for saves");
        running.interrupt();
        running.join();
        assertTrue(console.err().contains("com.acme.rain is gone from " + ONE), console.err());
        assertEquals(2, wishes().size());
    }

    @Test
    void tellsWhatTheDevicePutBackAndGoesOn() throws Exception {
        one.ending("rolled-back");
        Thread running = run("--build", "cp ../rain.jar target/", "-o", "json");
        awaitSaid("\"state\":\"rolled-back\"");
        assertTrue(console.out().contains("hello: no such class"), console.out());
        running.interrupt();
        running.join();
    }

    @Test
    void showsWhatDoesNotBuildAndBuildsAgainWithTheNextSave() throws Exception {
        Thread running =
                run("--build", "grep -q two bnd.bnd && cp ../rain.jar target/ || { echo one is wrong; false; }");
        awaitSaid("one is wrong");
        awaitSaid("waiting for saves");
        Files.writeString(project.resolve("bnd.bnd"), "two");
        await().atMost(Duration.ofSeconds(30)).until(() -> wishes().size() == 1);
        running.interrupt();
        running.join();
    }

    @Test
    void saysWhatIsNotRight() {
        assertEquals(2, console.run("dev", folder.resolve("none").toString(), "--to", ONE));
        assertTrue(console.err().contains("no such folder"), console.err());
        assertEquals(2, console.run("dev", folder.toString(), "--to", ONE));
        assertTrue(console.err().contains("no pom.xml in " + folder), console.err());
        assertEquals(2, console.run("dev", project.toString(), "--to", "dwr/311-a1"));
        assertTrue(console.err().contains("not one device: dwr/311-a1"), console.err());
    }
}

package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.acceptance.RouterImages.Variant;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A router's whole life with its firmware, driven over MQTT alone. */
final class FirmwareStoryTest {
    private static final RouterImages IMAGES = new RouterImages(Path.of("target/router"));

    @TempDir
    Path folder;

    private BrokerProcess broker;
    private Operator operator;
    private Router router;

    @BeforeEach
    void build() throws IOException {
        Router.assumePossible();
        Mosquitto.assumeInstalled();
        broker = Mosquitto.persistent(Files.createDirectories(folder.resolve("broker")));
        broker.start();
        operator = Operator.at(Access.to(broker.uri()), Router.DEVICE, Router.DEVICE + "/#", "reply/#");
        router = new Router(IMAGES.disk(1), folder, broker, operator);
    }

    @AfterEach
    void stop() {
        router.close();
        operator.close();
        broker.close();
    }

    @Test
    void goesForwardWhenItProvesItselfAndBackWhenItDoesNot() throws IOException {
        router.switchOn();
        assertEquals("V1", router.online(0).string("firmware"));

        Members second = wanted(2, Variant.GOOD);
        assertEquals("applied", second.string("state"), () -> second.values() + "\n" + router.console());
        assertEquals("V2", second.string("version"));
        String slot = second.string("slot");

        Members panicked = wanted(3, Variant.PANICS);
        assertEquals("rolled-back", panicked.string("state"), () -> panicked.values() + "\n" + router.console());
        assertEquals("V2", panicked.string("version"));
        assertEquals(slot, panicked.string("slot"));
        assertTrue(router.console().contains("Kernel panic"), router::console);

        Members silent = wanted(4, Variant.SILENT);
        assertEquals("rolled-back", silent.string("state"), () -> silent.values() + "\n" + router.console());
        assertEquals("V2", silent.string("version"));
        assertTrue(
                silent.object("problem").string("detail").contains("no message came back from the broker"),
                silent.values()::toString);
        assertTrue(silent.has("log"), silent.values()::toString);

        router.cut();
        int mark = operator.mark();
        String digest = router.desire(5, IMAGES.firmware(5, Variant.GOOD));
        router.switchOn();
        Members fifth = router.end(mark, digest);
        assertEquals("applied", fifth.string("state"), () -> fifth.values() + "\n" + router.console());
        assertEquals("V5", fifth.string("version"));
        assertNotEquals(slot, fifth.string("slot"));
        assertEquals("V5", router.online(mark).string("firmware"));
        assertTrue(operator.command(Router.DEVICE, "ping", Map.of()) instanceof Outcome.Done);
    }

    private Members wanted(int version, Variant variant) throws IOException {
        int mark = operator.mark();
        long begun = System.nanoTime();
        String digest = router.desire(version, IMAGES.firmware(version, variant));
        Members end = router.end(mark, digest);
        System.out.println(RouterImages.name(version) + " " + variant + " in "
                + (System.nanoTime() - begun) / 1_000_000_000 + " s: " + router.reports(mark, digest));
        return end;
    }
}

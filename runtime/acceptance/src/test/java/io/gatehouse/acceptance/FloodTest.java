package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More than anybody needs, by somebody who may publish: the device comes up beside it, and its memory stays what it was. */
final class FloodTest {
    private static final String DEVICE = "dwr/311-a1/flood";
    static final int DOCUMENTS = 100_000;
    private static final int LARGE = 64;

    /** What a gateway takes without any of this is about 70 MiB, of which the heap may grow to 32. */
    static final long MOST_KIB = 140 << 10;

    @TempDir
    Path folder;

    @Test
    void comesUpAndAnswersBesideAHundredThousandRetainedDocumentsThatNobodySigned() throws IOException {
        Mosquitto.assumeInstalled();
        try (Mosquitto broker = new Mosquitto(Files.createDirectories(folder.resolve("broker")))) {
            broker.start();
            try (Enemy enemy = new Enemy(broker.uri());
                    Operator operator = Operator.at(Access.to(broker.uri()), "dwr", DEVICE + "/status", "reply/#")) {
                byte[] document = "{\"spec\":{\"id\":\"a:b:1\"}}".getBytes(StandardCharsets.UTF_8);
                enemy.publishAll(DOCUMENTS, i -> Message.json("dwr/desired/feature/made-up-" + i, document)
                        .retained());
                byte[] large = new byte[255 << 10];
                enemy.publishAll(LARGE, i -> Message.json("dwr/desired/configuration/large-" + i, large)
                        .retained());
                GatewayProcess gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"));
                try (gateway) {
                    operator.await("the gateway", message -> message.topic().equals(DEVICE + "/status"));
                    assertInstanceOf(Outcome.Done.class, operator.command(DEVICE, "ping", Map.of()));
                    long peak = Vitals.peakKib(gateway.java().pid());
                    assertTrue(peak < MOST_KIB, () -> peak + " KiB");
                }
            }
        }
    }
}

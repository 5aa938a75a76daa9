package io.gatehouse.dispatch;

import static io.gatehouse.dispatch.Gateway.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gatehouse.api.command.Members;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that runs commands. */
abstract class CommandsFixture {
    @TempDir
    Path state;

    Gateway gateway;
    /** What hangs until the test is over. */
    final CountDownLatch testIsOver = new CountDownLatch(1);

    @BeforeEach
    void begins() {
        gateway = new Gateway(state);
    }

    @AfterEach
    void ends() {
        testIsOver.countDown();
        gateway.dispatcher.deactivate();
    }

    static void assertProblem(String state, String type, Members reply) {
        assertEquals(state, reply.string("state"), () -> reply.values().toString());
        assertEquals(type, reply.object("problem").string("type"), () -> reply.values()
                .toString());
        assertFalse(reply.object("problem").string("detail").isBlank());
    }

    static String base64(String id) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(id));
    }
}

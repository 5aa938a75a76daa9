package io.gatehouse.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was activated, and the machine was not started again. */
@Timeout(30)
class SecondRestartTest {
    private static final String V2 = "2.0 200 well";

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new Rig(folder);
    }

    @AfterEach
    void close() throws InterruptedException {
        rig.close();
    }

    @Test
    void whatWasActivatedInThisBootOfTheKernelIsRestartedAgain() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        rig.stop().start();
        rig.awaitDown();
        assertEquals(List.of("activate", "activate"), rig.machine.story.subList(3, 5));
        assertEquals(1, installations());
        rig.restart();
        rig.awaitState("applied");
    }

    @Test
    void restartsThatDidNotComeAreNoFailureOfTheNewSystem() throws Exception {
        rig.want(V2);
        rig.start();
        rig.awaitDown();
        for (int i = 0; i < 6; i++) {
            rig.stop().start();
            rig.awaitDown();
        }
        rig.restart();
        rig.awaitState("applied");
        assertEquals("2.0", rig.fleet.last().get("version"));
    }

    private long installations() {
        return rig.machine.story.stream().filter("install 2.0"::equals).count();
    }
}

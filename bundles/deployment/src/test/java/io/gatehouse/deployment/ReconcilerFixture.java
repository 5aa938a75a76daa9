package io.gatehouse.deployment;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A reconciler that has just begun. */
abstract class ReconcilerFixture {
    @TempDir
    Path folder;

    Fleet fleet;
    Reconciler reconciler;

    @BeforeEach
    void open() throws Exception {
        fleet = new Fleet(folder);
        reconciler = fleet.start();
    }

    @AfterEach
    void close() throws Exception {
        fleet.close();
    }

    void awaitRefused(String type) {
        await().until(() -> fleet.outbox.lastState().equals("refused"));
        assertEquals(type, fleet.outbox.lastProblem());
        assertTrue(fleet.software.changes.isEmpty());
    }
}

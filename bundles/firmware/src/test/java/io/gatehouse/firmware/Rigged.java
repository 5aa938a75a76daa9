package io.gatehouse.firmware;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A test of the whole bundle, with a machine around it that was not switched on yet. */
@Timeout(30)
abstract class Rigged {
    static final String V2 = "2.0 200 well";
    static final String V3 = "3.0 300 well";

    @TempDir
    Path folder;

    Rig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new Rig(folder);
    }

    @AfterEach
    void close() throws InterruptedException {
        rig.close();
    }
}

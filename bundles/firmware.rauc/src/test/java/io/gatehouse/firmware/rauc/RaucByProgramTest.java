package io.gatehouse.firmware.rauc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

final class RaucByProgramTest extends InstallerContract {
    @Override
    RaucInstaller installer() {
        return machine.byProgram();
    }

    @Test
    void failsWhileRaucInstallsSomethingElse() throws Exception {
        Path bundle = machine.bundle("2");
        machine.closeGate();
        FutureTask<Void> first = begin(bundle);
        await().until(machine::isAtGate);
        IOException busy = assertThrows(IOException.class, () -> installer.install(bundle, ratio -> {}));
        assertTrue(busy.getMessage().contains("Already processing"), busy::getMessage);
        machine.openGate();
        first.get();
    }

    @Test
    void readsWhatAShellWould() {
        assertEquals(
                Map.of("A", "it's so", "B", "", "C", "x=y"),
                RaucProgram.said("A='it'\\''s so'\nB=''\nC='x=y'\nRAUC_MF_IMAGES=1\n\nnoise\n"));
    }
}

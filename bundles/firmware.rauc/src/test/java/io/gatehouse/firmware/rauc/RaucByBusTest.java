package io.gatehouse.firmware.rauc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.firmware.FirmwareRefused;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class RaucByBusTest extends InstallerContract {
    @Override
    RaucInstaller installer() {
        return machine.byBusAndProgram();
    }

    @Test
    void waitsForAnInstallationThatBeganBefore() throws Exception {
        Path bundle = machine.bundle("2");
        Path other = machine.bundle("3");
        machine.closeGate();
        FutureTask<Void> before = begin(bundle);
        await().until(machine::isAtGate);
        FutureTask<Void> after = begin(other);
        assertThrows(TimeoutException.class, () -> after.get(300, TimeUnit.MILLISECONDS));
        assertEquals(1, machine.installations(), "the second one is not begun");
        machine.openGate();
        before.get(1, TimeUnit.MINUTES);
        after.get(1, TimeUnit.MINUTES);
        assertTrue(machine.has(1, machine.image("3")));
    }

    @Test
    void saysWhatRunsOnlyAfterAnInstallationUnlessInterrupted() throws Exception {
        Path bundle = machine.bundle("2");
        machine.closeGate();
        FutureTask<Void> installation = begin(bundle);
        await().until(machine::isAtGate);
        FutureTask<Void> asked = new FutureTask<>(() -> {
            installer.running();
            return null;
        });
        Thread asker = new Thread(asked);
        asker.start();
        assertThrows(TimeoutException.class, () -> asked.get(300, TimeUnit.MILLISECONDS));
        asker.interrupt();
        assertInstanceOf(InterruptedException.class, failure(asked));
        machine.openGate();
        installation.get(1, TimeUnit.MINUTES);
    }

    @Test
    void doesAllWithoutTheProgramButSayWhyAnImageIsRefused() throws Exception {
        RaucInstaller byBus = machine.byBus();
        Path bundle = machine.bundle("2");
        byBus.check(bundle);
        byBus.install(bundle, ratio -> {});
        assertTrue(machine.has(1, machine.image("2")));
        byBus.activate(bundle);
        assertEquals("B", machine.next());
        RaucMachine.flip(bundle);
        FirmwareRefused refused = assertThrows(FirmwareRefused.class, () -> byBus.check(bundle));
        assertEquals("bad-image", refused.type());
        FirmwareRefused later = assertThrows(FirmwareRefused.class, () -> byBus.install(bundle, ratio -> {}));
        assertEquals("bad-signature", later.type());
    }

    @Test
    void saysWhatIsMissingWhereNeitherWayIsThere() {
        Path nowhere = folder.resolve("nowhere");
        IOException said = assertThrows(IOException.class, () -> new RaucInstaller(nowhere, Optional::empty).running());
        assertTrue(said.getMessage().contains(nowhere.toString()), said::getMessage);
        assertTrue(said.getMessage().contains("install RAUC"), said::getMessage);
    }

    @Test
    void takesNoOtherProgramsWordForRaucs() throws Exception {
        Path bundle = machine.bundle("2");
        machine.closeGate();
        FutureTask<Void> installation = begin(bundle);
        await().until(machine::isAtGate);
        machine.pretendCompleted();
        assertThrows(TimeoutException.class, () -> installation.get(300, TimeUnit.MILLISECONDS));
        machine.openGate();
        installation.get(1, TimeUnit.MINUTES);
    }

    @Test
    void refusesToTalkToWhatIsNoBus() throws Exception {
        Path socket = folder.resolve("no-bus");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            FutureTask<Void> asked = new FutureTask<>(() -> {
                new RaucInstaller(socket, Optional::empty).running();
                return null;
            });
            new Thread(asked).start();
            try (SocketChannel asker = server.accept()) {
                asker.write(ByteBuffer.wrap("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII)));
                Throwable said = failure(asked);
                assertEquals("the bus does not let this user in: SSH-2.0-x", said.getMessage());
            }
        }
    }

    @Test
    void takesTheProgramWhereTheBusHasEnded() throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(folder.resolve("no-bus")));
        }
        assertTrue(Files.exists(folder.resolve("no-bus")));
        assertEquals("rootfs.0", machine.byProgram().running().slot());
    }
}

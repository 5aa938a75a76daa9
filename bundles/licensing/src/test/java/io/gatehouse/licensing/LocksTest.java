package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.license.HardwareLock;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Term;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Licenses for hardware that comes and goes. */
final class LocksTest {
    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench(folder);
        nic(0);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void findsAModemThatComesAfterTheFirstLook() {
        bench.bring("rain", locked(2, mac(0), modem()));
        assertEquals("refused foreign-hardware", bench.reported("rain"));
        plugModemIn();
        bench.pass(Duration.ofSeconds(30));
        assertTrue(bench.isGranted());
        assertEquals(List.of(mac(0), modem()), bench.report().get("hardware"));
        assertEquals(0, bench.waiting(), "it has all");
    }

    @Test
    void looksForHardwareTheLessOftenTheLongerItIsMissing() {
        bench.bring("rain", locked(2, mac(0), modem()));
        bench.pass(Duration.ofDays(2));
        plugModemIn();
        bench.pass(Duration.ofHours(1));
        assertTrue(bench.isGranted());
    }

    @Test
    void whatWasAcceptedStandsWhileAModemStarts() throws Exception {
        plugModemIn();
        bench.bring("rain", locked(2, mac(0), modem()));
        pullModemOut();
        bench.store.sync(); // the store does this by itself within seconds
        bench.cutPower();
        assertTrue(bench.isGranted());
        bench.pass(Duration.ofMinutes(2));
        plugModemIn();
        bench.pass(Duration.ofMinutes(10));
        assertTrue(bench.isGranted());
        assertEquals(List.of(), bench.told());
    }

    @Test
    void whatWasAcceptedEndsOnOtherHardwareAFewMinutesAfterTheStart() throws Exception {
        plugModemIn();
        bench.bring("rain", locked(2, mac(0), modem()));
        pullModemOut();
        bench.cutPower();
        bench.pass(Duration.ofMinutes(10));
        assertEquals("refused foreign-hardware", bench.reported("rain"));
        assertFalse(bench.isGranted());
        plugModemIn();
        bench.pass(Duration.ofMinutes(15));
        assertTrue(bench.isGranted());
    }

    @Test
    void whatWasNeverAcceptedWaitsForNoHardware() throws Exception {
        bench.bring("rain", locked(2, mac(0), modem()));
        bench.cutPower();
        assertFalse(bench.isGranted());
    }

    @Test
    void someOfSeveralInterfacesSuffice() throws Exception {
        nic(1);
        nic(2);
        bench.bring("rain", locked(2, mac(1), mac(2), mac(3), modem()));
        assertTrue(bench.isGranted(), "two of four are here");
        bench.bring("snow", locked("2", 3, mac(0), mac(1), mac(3)));
        assertEquals("refused foreign-hardware", bench.reported("snow"), "two of three are here, and it wants all");
        Files.delete(folder.resolve("sys/class/net/eth2/address"));
        bench.look();
        bench.pass(Duration.ofMinutes(10));
        assertEquals("refused foreign-hardware", bench.reported("rain"));
    }

    private void nic(int number) throws IOException {
        Path nic = folder.resolve("sys/class/net/eth" + number);
        Files.createDirectories(nic.resolve("device"));
        Files.writeString(nic.resolve("address"), "02:fc:00:00:00:0" + number + "\n");
        Files.writeString(nic.resolve("addr_assign_type"), "0\n");
    }

    private void plugModemIn() {
        try {
            Path usb = Files.createDirectories(folder.resolve("sys/devices/usb1/1-2/1-2:1.4"));
            Files.writeString(usb.resolveSibling("serial"), "861536030196001\n");
            Path modem = Files.createDirectories(folder.resolve("sys/class/usbmisc/cdc-wdm0"));
            Files.createSymbolicLink(modem.resolve("device"), usb);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pullModemOut() throws IOException {
        Files.delete(folder.resolve("sys/class/usbmisc/cdc-wdm0/device"));
    }

    private static String mac(int number) {
        return HardwareLock.fingerprint("mac", "02:fc:00:00:00:0" + number);
    }

    private static String modem() {
        return HardwareLock.fingerprint("modem", "861536030196001");
    }

    private String locked(int atLeast, String... of) {
        return locked("1", atLeast, of);
    }

    private String locked(String jti, int atLeast, String... of) {
        License one = Bench.license(jti, 1, Term.PERPETUAL);
        HardwareLock lock = new HardwareLock(atLeast, List.of(of));
        License locked = new License(
                one.id(), one.subject(), one.issued(), one.sequence(), one.features(), one.term(), Optional.of(lock));
        return Bench.sign(bench.acme, License.TYPE, locked.write());
    }
}

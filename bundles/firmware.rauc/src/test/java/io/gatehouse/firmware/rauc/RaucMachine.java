package io.gatehouse.firmware.rauc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.program.Program;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A machine with two slots, which are files; a boot loader, which is a script with its variables in files; a bus; and RAUC's own service. What is
 * signed for it is made here too. Each installation waits at a gate, with all written, until the test opens it.
 */
final class RaucMachine {
    static final String COMPATIBLE = "dwr-311-a1";

    private static final int SIZE = 4 << 20;

    private static final String BOOT_LOADER = """
            #!/bin/sh
            # bootloader=custom: what is started next, and which slot is good
            set -eu
            cd "$(dirname "$0")/boot"
            case "$1" in
                get-primary) cat primary ;;
                set-primary) echo "$2" > primary; echo good > "$2" ;;
                get-state) cat "$2" ;;
                set-state) echo "$3" > "$2"; echo 3 > "$2.tries" ;;
                *) exit 1 ;;
            esac
            """;

    private static final String GATE = """
            #!/bin/sh
            # holds an installation
            touch "$(dirname "$0")/arrived"
            while [ -e "$(dirname "$0")/closed" ]; do sleep 0.02; done
            """;

    private static final String ONLY_INFO = """
            #!/bin/sh
            # rauc that can do one thing
            [ "$2" = info ] || { echo "$2 is not for this program" >&2; exit 2; }
            exec rauc "$@"
            """;

    private final Path folder;
    private final Path socket;
    private final Process bus;
    private Process service;

    RaucMachine(Path folder) throws Exception {
        this.folder = folder;
        this.socket = folder.resolve("bus");
        for (String name : List.of("rauc", "dbus-daemon", "dbus-send", "mksquashfs", "openssl")) {
            assumeTrue(
                    Program.find(name).isPresent(),
                    "needs " + name + " (apt-get install rauc dbus-daemon dbus-bin squashfs-tools openssl)");
        }
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root: RAUC mounts bundles");
        makeSlots();
        makeKey("maker");
        bus = makeBus();
        service = startService("A");
    }

    private void makeSlots() throws IOException {
        write("bootloader", BOOT_LOADER);
        write("gate", GATE);
        write("only-info", ONLY_INFO);
        Files.createDirectories(folder.resolve("boot"));
        Files.createDirectories(folder.resolve("mnt"));
        write("boot/primary", "A\n");
        write("boot/A", "good\n");
        write("boot/B", "bad\n");
        Files.write(slot(0), new byte[SIZE]);
        Files.write(slot(1), new byte[SIZE]);
        write("system.conf", """
                [system]
                compatible=%1$s
                bootloader=custom
                activate-installed=false
                statusfile=%2$s/status
                mountprefix=%2$s/mnt
                [keyring]
                path=%2$s/maker.crt
                [handlers]
                bootloader-custom-backend=%2$s/bootloader
                post-install=%2$s/gate
                [slot.rootfs.0]
                device=%2$s/rootfs.0
                type=raw
                bootname=A
                [slot.rootfs.1]
                device=%2$s/rootfs.1
                type=raw
                bootname=B
                """.formatted(COMPATIBLE, folder));
    }

    private void makeKey(String name) throws Exception {
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=" + name,
                "-days",
                "1",
                "-keyout",
                folder.resolve(name + ".key").toString(),
                "-out",
                folder.resolve(name + ".crt").toString());
    }

    private Process makeBus() throws IOException {
        write("bus.conf", """
                <busconfig>
                  <type>system</type>
                  <listen>unix:path=%s</listen>
                  <auth>EXTERNAL</auth>
                  <policy context="default">
                    <allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
                  </policy>
                </busconfig>
                """.formatted(socket));
        Process daemon = start(
                "bus.log", "dbus-daemon", "--nofork", "--nopidfile", "--config-file=" + folder.resolve("bus.conf"));
        await().until(() -> Files.exists(socket));
        return daemon;
    }

    private Process startService(String booted) throws IOException {
        Process started = start(
                "service.log",
                "rauc",
                "--conf=" + folder.resolve("system.conf"),
                "service",
                "--override-boot-slot=" + booted);
        await().until(this::isAnswering);
        return started;
    }

    private boolean isAnswering() throws Exception {
        try (Bus connection = Bus.open(socket)) {
            return connection.call(BusName.BUS, "NameHasOwner", "s", RaucService.RAUC.program())[0].equals(true);
        }
    }

    /** By the bus alone. */
    RaucInstaller byBus() {
        return new RaucInstaller(socket, Optional::empty);
    }

    /** By the bus, and the program for what the service does not say; for nothing else. */
    RaucInstaller byBusAndProgram() {
        return new RaucInstaller(
                socket,
                () -> Optional.of(Program.of(
                        List.of(folder.resolve("only-info").toString(), "--conf=" + folder.resolve("system.conf")))));
    }

    /** By the program alone, which finds the service by itself. */
    RaucInstaller byProgram() {
        return new RaucInstaller(folder.resolve("no-bus"), () -> Optional.of(program()));
    }

    private Program program() {
        return Program.of(
                List.of("/usr/bin/env", address(), "/usr/bin/rauc", "--conf=" + folder.resolve("system.conf")));
    }

    /** A bundle for this machine. */
    Path bundle(String version) throws Exception {
        return bundle(version, COMPATIBLE, "maker");
    }

    /** A bundle for those machines, signed by that key. */
    Path bundle(String version, String compatible, String key) throws Exception {
        if (!Files.exists(folder.resolve(key + ".key"))) {
            makeKey(key);
        }
        Path input = Files.createDirectories(folder.resolve("input-" + version));
        Files.write(input.resolve("rootfs.img"), image(version));
        Files.writeString(input.resolve("manifest.raucm"), """
                [update]
                compatible=%s
                version=%s
                [bundle]
                format=plain
                [image.rootfs]
                filename=rootfs.img
                """.formatted(compatible, version));
        Path bundle = folder.resolve(version + ".raucb");
        run(
                "rauc",
                "bundle",
                "--mksquashfs-args=-noI -noD -noF -noX",
                "--cert=" + folder.resolve(key + ".crt"),
                "--key=" + folder.resolve(key + ".key"),
                input.toString(),
                bundle.toString());
        return bundle;
    }

    /** What a bundle of that version has for the slot. */
    byte[] image(String version) {
        byte[] bytes = new byte[SIZE];
        new Random(version.hashCode()).nextBytes(bytes);
        return bytes;
    }

    /** Changes a byte in the middle. */
    static void flip(Path bundle) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(bundle.toFile(), "rw")) {
            long middle = file.length() / 2;
            file.seek(middle);
            int was = file.read();
            file.seek(middle);
            file.write(was ^ 1);
        }
    }

    /** Cuts the last quarter off. */
    static void truncate(Path bundle) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(bundle.toFile(), "rw")) {
            file.setLength(file.length() * 3 / 4);
        }
    }

    boolean has(int slot, byte[] bytes) throws IOException {
        return Arrays.equals(Files.readAllBytes(slot(slot)), bytes);
    }

    boolean isUntouched(int slot) throws IOException {
        return has(slot, new byte[SIZE]);
    }

    /** Whether some of an image is written. */
    boolean isBegun(int slot) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(slot(slot).toFile(), "r")) {
            return file.readLong() != 0;
        }
    }

    /** What the boot loader starts next: {@code A} or {@code B}. */
    String next() throws IOException {
        return Files.readString(folder.resolve("boot/primary")).strip();
    }

    /** Whether the boot loader holds a slot for {@code good} or {@code bad}. */
    String state(String bootname) throws IOException {
        return Files.readString(folder.resolve("boot/" + bootname)).strip();
    }

    /** The boot loader counts a start of a slot, and stays with it. */
    void start(String bootname) throws IOException {
        write("boot/" + bootname + ".tries", tries(bootname) - 1 + "\n");
    }

    /** How many starts of a slot the boot loader makes in a row before somebody marks it good. */
    int tries(String bootname) throws IOException {
        Path file = folder.resolve("boot/" + bootname + ".tries");
        return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 3;
    }

    /** From now on installations stop when all is written. */
    void closeGate() throws IOException {
        Files.deleteIfExists(folder.resolve("arrived"));
        write("closed", "");
    }

    void openGate() throws IOException {
        Files.deleteIfExists(folder.resolve("closed"));
    }

    /** Whether an installation came to the gate. */
    boolean isAtGate() {
        return Files.exists(folder.resolve("arrived"));
    }

    /** How many installations RAUC began. */
    long installations() throws IOException {
        return Files.readString(folder.resolve("service.log"))
                .lines()
                .filter(line -> line.startsWith("input bundle: "))
                .count();
    }

    /** Somebody tells each program on the bus that an installation ended well. */
    void pretendCompleted() throws Exception {
        try (Bus connection = Bus.open(socket)) {
            for (Object name : (List<?>) connection.call(BusName.BUS, "ListNames", "")[0]) {
                if (String.valueOf(name).startsWith(":")) {
                    run(
                            "dbus-send",
                            "--bus=unix:path=" + socket,
                            "--type=signal",
                            "--dest=" + name,
                            "/",
                            RaucService.RAUC.type() + ".Completed",
                            "int32:0");
                }
            }
        }
    }

    void killService() throws Exception {
        service.destroyForcibly();
        service.waitFor();
        openGate();
    }

    /** The machine is started anew, from that slot. */
    void restart(String booted) throws Exception {
        service.destroy();
        service.waitFor();
        service = startService(booted);
    }

    void end() throws Exception {
        openGate();
        List<Process> processes = new ArrayList<>(List.of(service, bus));
        for (Process process : processes) {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
        unmount();
    }

    /** What a killed RAUC left mounted. */
    private void unmount() throws Exception {
        String mount = folder.resolve("mnt/bundle").toString();
        while (Files.readString(Path.of("/proc/mounts")).contains(" " + mount + " ")) {
            run("umount", mount);
        }
    }

    Path slot(int number) {
        return folder.resolve("rootfs." + number);
    }

    private String address() {
        return "DBUS_SYSTEM_BUS_ADDRESS=unix:path=" + socket;
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        if (text.startsWith("#!")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private Process start(String log, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()));
        String[] variable = address().split("=", 2);
        builder.environment().put(variable[0], variable[1]);
        return builder.start();
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + said);
    }
}

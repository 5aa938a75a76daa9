package io.gatehouse.firmware.mender;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.store.Store;
import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import io.gatehouse.testkit.MemoryStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A machine of the type {@code gw1} that runs {@code a} or {@code b}: files in a folder say which of them, and which it starts next. */
final class Machine {
    private final Path folder;
    private final Store flash = new MemoryStore();
    private final Map<String, Object> values = new HashMap<>();

    Machine(Path folder) throws IOException {
        this.folder = folder;
        Path type = Files.writeString(folder.resolve("device_type"), "device_type=gw1\n");
        Files.writeString(folder.resolve("next"), "a\n");
        restart();
        values.put("deviceType", type.toString());
        values.put("payloads", new String[] {"gw-image"});
        values.put("slot", new String[] {"cat", folder.resolve("runs").toString()});
    }

    Path folder() {
        return folder;
    }

    String next() throws IOException {
        return Files.readString(folder.resolve("next")).strip();
    }

    /** What was to be started next runs. */
    void restart() throws IOException {
        Files.copy(folder.resolve("next"), folder.resolve("runs"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** What runs as Mender. */
    Path program(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve(name), script);
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    /** As each process of the gateway has it: what it keeps is on the machine's flash. */
    Mender engine(Path command) {
        values.put("command", new String[] {command.toString()});
        Mender.Settings settings = (Mender.Settings) Proxy.newProxyInstance(
                Mender.Settings.class.getClassLoader(),
                new Class<?>[] {Mender.Settings.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
        return new Mender(settings, flash);
    }

    /** The same bytes each time. */
    static byte[] content() {
        byte[] bytes = new byte[400_000];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    /** An artifact as its vendor makes it. */
    Path artifact(String name, String device, String... options) throws IOException, InterruptedException {
        Path payload = Files.write(folder.resolve("file"), content());
        Path artifact = folder.resolve(name + ".mender");
        List<String> command = List.of("mender-artifact", "write", "module-image", "-n", name, "-t", device, "-o");
        Ended ended = Program.configured(command)
                .with(artifact.toString(), "-f", payload.toString())
                .with(options.length == 0 ? new String[] {"-T", "gw-image"} : options)
                .run();
        assertTrue(ended.isWell(), () -> ended.output().text());
        return artifact;
    }

    /** One that somebody wrote by hand: its header has this description, and it has no content. */
    Path described(String info) throws IOException, InterruptedException {
        Path header = Files.createDirectories(folder.resolve("header"));
        Files.writeString(header.resolve("header-info"), info);
        Files.writeString(folder.resolve("version"), "{\"format\":\"mender\",\"version\":3}");
        Program tar = Program.configured(List.of("tar", "--format=ustar", "-C", folder.toString()));
        tar.with("-cf", folder.resolve("header.tar").toString(), "-C", header.toString(), "header-info")
                .runWell();
        Path artifact = folder.resolve("by-hand.mender");
        tar.with("-cf", artifact.toString(), "version", "header.tar").runWell();
        return artifact;
    }
}

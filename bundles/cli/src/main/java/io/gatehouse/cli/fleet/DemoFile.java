package io.gatehouse.cli.fleet;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How {@code ./dev up} says where it runs: a file {@code <pid>.json} in a folder that both know.
 *
 * @param device the gateway's name
 * @param place where it stands
 * @param key file with a key that signs for it
 */
public record DemoFile(long pid, URI broker, String device, Optional<String> place, Optional<Path> key) {
    /** Environment variable that names the folder. */
    public static final String FOLDER = "GATEHOUSE_DEMO";

    /** The demos that run now, the newest first. */
    public static List<DemoFile> running(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<DemoFile> running = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted(Comparator.comparing(DemoFile::written).reversed())
                    .toList()) {
                read(file).filter(DemoFile::alive).ifPresent(running::add);
            }
            return running;
        } catch (IOException e) {
            return List.of(); // the folder went away meanwhile: nothing runs there
        }
    }

    /** Writes the file, whole or not at all. */
    public Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(pid + ".json");
        Path part = folder.resolve(pid + ".part");
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("pid", pid);
        members.put("broker", broker.toString());
        members.put("device", device);
        place.ifPresent(where -> members.put("place", where));
        key.ifPresent(one -> members.put("key", one.toAbsolutePath().toString()));
        Files.write(part, Json.write(members));
        return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean alive() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static Optional<DemoFile> read(Path file) {
        try {
            Members members = Json.read(Files.readAllBytes(file));
            return Optional.of(new DemoFile(
                    members.integer("pid", 1, Long.MAX_VALUE),
                    URI.create(members.string("broker")),
                    members.string("device"),
                    members.optionalString("place"),
                    members.optionalString("key").map(Path::of)));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // removed meanwhile, or left behind by something else
        }
    }

    private static FileTime written(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }
}

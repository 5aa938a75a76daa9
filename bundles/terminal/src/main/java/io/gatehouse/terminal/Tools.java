package io.gatehouse.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The programs of this machine. */
final class Tools {
    private static final List<String> USUAL = List.of("/bin", "/usr/bin", "/sbin", "/usr/sbin");

    private final List<Path> folders;

    /** Where the process itself looks for programs, and where they usually are. */
    static Tools ofThisMachine() {
        List<Path> folders = new ArrayList<>();
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String folder : path.split(":", -1)) {
            if (folder.startsWith("/")) {
                folders.add(Path.of(folder));
            }
        }
        USUAL.stream().map(Path::of).filter(folder -> !folders.contains(folder)).forEach(folders::add);
        return new Tools(folders);
    }

    Tools(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    Optional<Path> find(String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether this is one of busybox's, which understand fewer options. */
    static boolean isBusybox(Path tool) {
        try {
            return tool.toRealPath().getFileName().toString().startsWith("busybox");
        } catch (IOException e) {
            return false;
        }
    }

    /** As a value of {@code PATH}. */
    String path() {
        return String.join(":", folders.stream().map(Path::toString).toList());
    }
}

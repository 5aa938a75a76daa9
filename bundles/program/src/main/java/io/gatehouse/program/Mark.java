package io.gatehouse.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a program, and whatever it starts, has in its environment: so it is found when its parent is gone. */
record Mark(String value) {
    private static final String NAME = "GATEHOUSE_RUN";

    static Mark next() {
        return new Mark(
                ProcessHandle.current().pid() + "." + Thread.currentThread().getId() + "." + System.nanoTime());
    }

    void put(Map<String, String> environment) {
        environment.put(NAME, value);
    }

    /** Who bears it now, as far as this machine has {@code /proc} and lets us see. */
    List<ProcessHandle> bearers() {
        List<ProcessHandle> bearers = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (isOn(process.resolve("environ"))) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(bearers::add);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return bearers; // no /proc here
        }
        return bearers;
    }

    private boolean isOn(Path environment) {
        try {
            String text = new String(Files.readAllBytes(environment), StandardCharsets.ISO_8859_1);
            return ("\0" + text).contains("\0" + NAME + "=" + value + "\0");
        } catch (IOException e) {
            return false; // ended meanwhile, or somebody else's
        }
    }
}

package io.gatehouse.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** An image and a state folder in a temporary folder. */
record Home(Path home, Path state) {
    static Home in(Path folder, Jar... bundles) throws IOException, Misuse {
        Path home = folder.resolve("an image");
        Files.createDirectories(home.resolve("conf"));
        Files.createDirectories(home.resolve("bundles"));
        int count = 0;
        for (Jar bundle : bundles) {
            bundle.write(home.resolve("bundles").resolve(count++ + ".jar"));
        }
        new Seal(home).write();
        return new Home(home, Files.createDirectories(folder.resolve("state")));
    }

    Settings settings(String... more) throws Misuse {
        Map<String, String> given = new LinkedHashMap<>();
        given.put(Settings.STATE, state.toString());
        given.put(Settings.SETTLE, "PT0.1S");
        for (int at = 0; at < more.length; at += 2) {
            given.put(more[at], more[at + 1]);
        }
        return Settings.read(home, home, given);
    }
}

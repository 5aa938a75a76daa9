package io.gatehouse.licensing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The licenses that an image brings: files {@code <name>.jwt} of one folder. */
final class ImageLicenses {
    private static final System.Logger LOG = System.getLogger(ImageLicenses.class.getName());
    private static final String ENDING = ".jwt";

    private ImageLicenses() {}

    /** Tokens by their names; none where there is no such folder. */
    static Map<String, String> in(Path folder) {
        Map<String, String> read = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.endsWith(ENDING)) {
                    read.put(
                            name.substring(0, name.length() - ENDING.length()),
                            Files.readString(file, StandardCharsets.ISO_8859_1).strip());
                }
            }
        } catch (NoSuchFileException e) {
            return Map.of(); // most images bring none
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot read the image's licenses in " + folder, e);
        }
        return read;
    }
}

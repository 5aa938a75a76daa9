package io.gatehouse.licensing;

import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.license.License;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The licenses that an image brings: files {@code <name>.jwt} of one folder. One that cannot be read takes no other with it. */
final class ImageLicenses {
    private static final System.Logger LOG = System.getLogger(ImageLicenses.class.getName());
    private static final String ENDING = ".jwt";

    /** Bytes; what is longer is no token, and is refused as such. */
    private static final int MOST = 2 * License.TYPE.longest();

    private ImageLicenses() {}

    /** Tokens by their names; none where there is no such folder. */
    static Map<String, String> in(Path folder) {
        Map<String, String> read = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ENDING)) {
            files.forEach(file -> read(file, read));
        } catch (NoSuchFileException e) {
            return Map.of(); // most images bring none
        } catch (IOException | DirectoryIteratorException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot list the image's licenses in " + folder, e);
        }
        return read;
    }

    private static void read(Path file, Map<String, String> read) {
        String whole = String.valueOf(file.getFileName());
        String name = whole.substring(0, whole.length() - ENDING.length());
        if (!Names.isName(name)) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "the image's license " + file + " is passed over: its name must be " + Names.FORM + ", and "
                            + ENDING);
            return;
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            read.put(name, new String(bytes.readNBytes(MOST), StandardCharsets.ISO_8859_1).strip());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot read the image's license " + file + ": it is passed over", e);
        }
    }
}

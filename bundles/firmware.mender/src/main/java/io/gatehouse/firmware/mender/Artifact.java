package io.gatehouse.firmware.mender;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.api.firmware.FirmwareRefused;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Mender's artifact, of format 3: a tar of {@code version}, {@code manifest}, perhaps its signatures, {@code header.tar} with {@code header-info} as its first
 * file, and {@code data}.
 *
 * @param header nothing where it is compressed by other means than gzip
 */
record Artifact(Optional<Header> header) {
    private static final int LARGEST_FILE = 64 << 10;
    private static final Pattern FORMAT = Pattern.compile("\"format\"\\s*:\\s*\"mender\"");
    private static final Pattern VERSION = Pattern.compile("\"version\"\\s*:\\s*3\\b");

    /**
     * Reads it to its end.
     *
     * @throws FirmwareRefused where it is none
     */
    static Artifact read(Path image) throws FirmwareRefused, IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(image))) {
            return read(new Tar(in));
        } catch (EOFException | ZipException e) {
            FirmwareRefused refused = bad("it is cut off or broken");
            refused.initCause(e);
            throw refused;
        }
    }

    private static Artifact read(Tar tar) throws FirmwareRefused, IOException {
        if (!tar.next().equals(Optional.of("version"))) {
            throw bad("its first file is not version");
        }
        String version = text(tar);
        if (!FORMAT.matcher(version).find() || !VERSION.matcher(version).find()) {
            throw bad("its version is not 3 of mender: " + version);
        }
        Optional<Header> header = Optional.empty();
        boolean hasHeader = false;
        for (Optional<String> name = tar.next(); name.isPresent(); name = tar.next()) {
            if (name.get().startsWith("header.tar")) {
                hasHeader = true;
                header = header(name.get(), tar.content());
            }
        }
        if (!hasHeader) {
            throw bad("it has no header");
        }
        return new Artifact(header);
    }

    private static Optional<Header> header(String name, InputStream content) throws FirmwareRefused, IOException {
        Tar files;
        if (name.equals("header.tar")) {
            files = new Tar(content);
        } else if (name.equals("header.tar.gz")) {
            files = new Tar(new GZIPInputStream(content));
        } else {
            return Optional.empty();
        }
        if (!files.next().equals(Optional.of("header-info"))) {
            throw bad("the first file of its header is not header-info");
        }
        return Optional.of(Header.of(text(files)));
    }

    private static String text(Tar tar) throws FirmwareRefused, IOException {
        byte[] bytes = tar.content().readNBytes(LARGEST_FILE + 1);
        if (bytes.length > LARGEST_FILE) {
            throw bad("a description in it has more than " + LARGEST_FILE + " bytes");
        }
        return new String(bytes, UTF_8);
    }

    private static FirmwareRefused bad(String why) {
        return new FirmwareRefused("bad-image", "not an artifact of Mender: " + why);
    }

    /**
     * What an artifact says of itself.
     *
     * @param payloads their types
     * @param devices for which it is
     */
    record Header(List<String> payloads, List<String> devices) {
        private static final Pattern PAYLOADS = Pattern.compile("\"payloads\"\\s*:\\s*\\[([^\\]]*)\\]");
        private static final Pattern TYPE = Pattern.compile("\"type\"\\s*:\\s*\"([^\"\\\\]*)\"");
        private static final Pattern DEVICES = Pattern.compile("\"device_type\"\\s*:\\s*\\[([^\\]]*)\\]");
        private static final Pattern STRING = Pattern.compile("\"([^\"\\\\]*)\"");

        /** In {@code header-info}, which is JSON as Mender's tools write it. */
        static Header of(String info) {
            return new Header(all(TYPE, inside(PAYLOADS, info)), all(STRING, inside(DEVICES, info)));
        }

        void check(String device, List<String> firmware) throws FirmwareRefused {
            if (!devices.contains(device)) {
                throw new FirmwareRefused(
                        "wrong-compatible", "the artifact is for " + devices + ", and this machine is " + device);
            }
            if (payloads.isEmpty() || !firmware.containsAll(payloads)) {
                throw new FirmwareRefused(
                        "bad-image",
                        "the artifact's payloads are " + payloads + ", and firmware is " + firmware
                                + ": configuration io.gatehouse.firmware.mender: payloads");
            }
        }

        private static String inside(Pattern list, String json) {
            Matcher matcher = list.matcher(json);
            return matcher.find() ? matcher.group(1) : "";
        }

        private static List<String> all(Pattern value, String json) {
            return value.matcher(json).results().map(result -> result.group(1)).toList();
        }
    }
}

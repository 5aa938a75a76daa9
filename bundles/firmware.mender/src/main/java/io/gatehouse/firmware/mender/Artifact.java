package io.gatehouse.firmware.mender;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.protocol.Json;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Mender's artifact, of format 3: a tar of {@code version}, {@code manifest}, perhaps its signatures, {@code header.tar} with {@code header-info} as its first
 * file, and {@code data}.
 *
 * @param payloads their types
 * @param devices for which it is
 */
record Artifact(List<String> payloads, List<String> devices) {
    private static final int LARGEST_FILE = 64 << 10;

    Artifact {
        payloads = List.copyOf(payloads);
        devices = List.copyOf(devices);
    }

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
        Members version = description(tar);
        if (!version.values().equals(Map.of("format", "mender", "version", 3L))) {
            throw bad("its version is not 3 of mender: " + version.values());
        }
        Optional<Artifact> artifact = Optional.empty();
        for (Optional<String> name = tar.next(); name.isPresent(); name = tar.next()) {
            if (name.get().startsWith("header.tar")) {
                artifact = Optional.of(header(name.get(), tar.content()));
            }
        }
        return artifact.orElseThrow(() -> bad("it has no header"));
    }

    private static Artifact header(String name, InputStream content) throws FirmwareRefused, IOException {
        Tar files;
        if (name.equals("header.tar")) {
            files = new Tar(content);
        } else if (name.equals("header.tar.gz")) {
            files = new Tar(new GZIPInputStream(content));
        } else {
            throw bad("what it is for cannot be read in its " + name + ": make it with --compression gzip or none");
        }
        if (!files.next().equals(Optional.of("header-info"))) {
            throw bad("the first file of its header is not header-info");
        }
        return of(description(files));
    }

    private static Artifact of(Members info) throws FirmwareRefused {
        List<String> payloads = new ArrayList<>();
        try {
            for (Members payload : once(info, "payloads").objects("payloads")) {
                payloads.add(once(payload, "type").string("type"));
            }
            Members depends = once(info, "artifact_depends").object("artifact_depends");
            return new Artifact(payloads, once(depends, "device_type").strings("device_type"));
        } catch (BadArgument e) {
            throw bad("its header-info: " + e.getMessage());
        }
    }

    /** Mender's client of before 4.0 takes names in whatever case, so that what it reads must not stand there in another one. */
    private static Members once(Members members, String name) throws FirmwareRefused {
        if (members.values().keySet().stream().anyMatch(other -> other.equalsIgnoreCase(name) && !other.equals(name))) {
            throw bad("its header-info names " + members.path(name) + " in another case too");
        }
        return members;
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

    private static Members description(Tar tar) throws FirmwareRefused, IOException {
        byte[] bytes = tar.content().readNBytes(LARGEST_FILE + 1);
        if (bytes.length > LARGEST_FILE) {
            throw bad("a description in it has more than " + LARGEST_FILE + " bytes");
        }
        try {
            return Json.readStrict(bytes);
        } catch (BadArgument e) {
            throw bad("a description in it: " + e.getMessage());
        }
    }

    private static FirmwareRefused bad(String why) {
        return new FirmwareRefused("bad-image", "not an artifact of Mender: " + why);
    }
}

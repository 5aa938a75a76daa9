package io.gatehouse.cli;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.ArtifactMembers;
import io.gatehouse.protocol.Firmware;
import io.gatehouse.protocol.chunk.ChunkIndex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which firmware a command speaks of, and who may take it when. */
final class ImageOptions {
    /** So many times the size of its index an image must have. */
    private static final long LEAST_GAIN = 16;

    @Parameters(
            arity = "0..1",
            paramLabel = "IMAGE",
            description =
                    "What the device's engine takes, for example a .raucb, .swu or sysupgrade image. Without it: --url, --sha256 and --size.")
    @Nullable
    private Path image;

    @Option(names = "--version", paramLabel = "VERSION", required = true, description = "What to call it: V2.04B01.")
    private String version = "";

    @Option(
            names = "--sequence",
            paramLabel = "N",
            required = true,
            description = "Orders versions: devices take what is higher than what they run.")
    private long sequence;

    @Option(
            names = "--compatible",
            paramLabel = "NAME",
            required = true,
            description = "Which machines it is for, as its engine calls them: dwr-311-a1. Others refuse it.")
    private String compatible = "";

    @Option(names = "--url", paramLabel = "URI", description = "Where devices fetch it; else it comes over the broker.")
    @Nullable
    private String url;

    @Option(names = "--sha256", paramLabel = "HEX", description = "Of the image, where it is not here.")
    @Nullable
    private String sha256;

    @Option(names = "--size", paramLabel = "BYTES", description = "Of the image, where it is not here.")
    @Nullable
    private Long size;

    @Option(
            names = "--under-way",
            paramLabel = "BYTES",
            defaultValue = "67108864",
            description = {
                "Bytes of it on their way to all devices at most, which the broker may have to hold (${DEFAULT-VALUE}).",
                "Less is easier for a small broker, more is faster where links are slow."
            })
    private long underWay;

    @Option(
            names = "--window",
            paramLabel = "FROM-TO",
            description = "When devices may take it, each day: 02:00-05:00.")
    @Nullable
    private String window;

    @Option(names = "--zone", paramLabel = "ZONE", description = "By which clock that is: Asia/Taipei.")
    @Nullable
    private String zone;

    @Option(names = "--allow-downgrade", description = "Devices with a higher sequence go back to it.")
    private boolean allowDowngrade;

    @Option(names = "--without-fallback", description = "Devices that cannot go back by themselves take it too.")
    private boolean withoutFallback;

    // its --version takes the place of the one that all commands have, and --help came with that
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    boolean help;

    /** The index of the image's chunks, to be served; none where the image is not here. */
    private Optional<Path> chunks = Optional.empty();

    /**
     * What is wanted.
     *
     * @param served whether {@link #files} are served: else no device would get the index, and each would wait for it for a while
     * @throws Trouble that names the option that is missing or will not do
     */
    Firmware firmware(boolean served) throws Trouble {
        if (underWay < 1) {
            throw wrong("--under-way must be at least 1: " + underWay, null);
        }
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("version", version);
        spec.put("sequence", sequence);
        spec.put("compatible", compatible);
        if (image != null) {
            Artifact read = read(image);
            spec.put("sha256", read.sha256().hex());
            spec.put("size", read.size());
            if (served) {
                addChunks(spec, image);
            }
        } else {
            addNamed(spec);
        }
        if (url != null) {
            spec.put("url", url);
        }
        spec.put("allowDowngrade", allowDowngrade);
        spec.put("withoutFallback", withoutFallback);
        addWindow(spec);
        try {
            return Firmware.read(Members.of(spec));
        } catch (BadArgument e) {
            throw wrong("--" + e.getMessage(), e);
        }
    }

    /** What is to be served, by its digest; nothing where the image is not here. */
    Map<Sha256, Path> files(Firmware firmware) {
        Map<Sha256, Path> files = new HashMap<>();
        if (image != null) {
            files.put(firmware.image().sha256(), image);
        }
        chunks.ifPresent(file -> firmware.chunks().ifPresent(index -> files.put(index.sha256(), file)));
        return files;
    }

    /** Bytes on their way at most. */
    long room() {
        return underWay;
    }

    private Artifact read(Path file) throws Trouble {
        try {
            Artifact read = new Artifact(Sha256.of(file), Files.size(file), Optional.empty());
            if (sha256 != null && !sha256.equals(read.sha256().hex())) {
                throw wrong("--sha256 is not that of " + file + ", which is " + read.sha256() + ": " + sha256, null);
            }
            if (size != null && size != read.size()) {
                throw wrong("--size is not that of " + file + ", which is " + read.size() + ": " + size, null);
            }
            return read;
        } catch (IOException | IllegalArgumentException e) {
            throw wrong("cannot take " + file + " for an image: " + e.getMessage(), e);
        }
    }

    /** Devices that have a part of it fetch the rest alone. Of what is hardly larger than its index, or too large for one, they fetch all. */
    private void addChunks(Map<String, Object> spec, Path file) throws Trouble {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] index = ChunkIndex.of(in);
            if (index.length > ChunkIndex.LARGEST || index.length * LEAST_GAIN > Files.size(file)) {
                return;
            }
            Path made = Files.createTempFile("gatehouse-", ".chunks");
            made.toFile().deleteOnExit();
            Files.write(made, index);
            chunks = Optional.of(made);
            spec.put("chunks", ArtifactMembers.write(new Artifact(Sha256.of(index), index.length, Optional.empty())));
        } catch (IOException e) {
            throw wrong("cannot write down the chunks of " + file + ": " + e.getMessage(), e);
        }
    }

    private void addNamed(Map<String, Object> spec) throws Trouble {
        if (url == null || sha256 == null || size == null) {
            throw wrong("give IMAGE, or where it is not here, --url, --sha256 and --size", null);
        }
        spec.put("sha256", sha256);
        spec.put("size", size);
    }

    private void addWindow(Map<String, Object> spec) throws Trouble {
        if (window == null && zone == null) {
            return;
        }
        if (window == null || zone == null) {
            throw wrong("--window and --zone go together: --window 02:00-05:00 --zone Asia/Taipei", null);
        }
        String[] times = window.split("-", -1);
        if (times.length != 2) {
            throw wrong("--window must be two times of day such as 02:00-05:00: " + window, null);
        }
        spec.put("window", Map.of("from", times[0], "to", times[1], "zone", zone));
    }

    private static Trouble wrong(String what, @Nullable Exception cause) {
        return new Trouble(Trouble.Kind.USAGE, what, cause);
    }
}

package io.gatehouse.benchmarks;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.chunk.ChunkIndex;
import io.gatehouse.protocol.chunk.Chunker;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A firmware that has one package more than the one which runs: how much of it a device fetches. */
final class FirmwareDelta implements Benchmark {
    private static final Path MAKE = Path.of("device-images/router/make");
    private static final List<String> PROGRAMS = List.of("casync", "zck", "zck_delta_size", "mksquashfs", "rauc");
    private static final Pattern WOULD_DOWNLOAD = Pattern.compile("Would download (\\d+) of \\d+ bytes");
    private static final int BLOCK = 4096;
    private static final int DIGEST = 32;
    private static final double MB = 1e6;

    @Override
    public String name() {
        return "firmware-delta";
    }

    @Override
    public String method() {
        return "**Delta**: two firmwares of `device-images/router` (x86, RAUC's `verity` bundles), of which the second has tcpdump and libpcap"
                + " more. What is fetched of the second bundle where the first one's root file system is in the slot that runs: of ours the"
                + " index and the chunks that the slot has not; of casync the `.caibx` and the `.cacnk` files that the slot's chunks do not"
                + " have, with its defaults; of zchunk what `zck_delta_size` says, with its defaults. RAUC's `block-hash-index` is computed,"
                + " not run: 32 bytes for each block of 4 KiB of the root file system, and the blocks that the slot has nowhere.";
    }

    @Override
    public Optional<String> missing() {
        List<String> missing =
                PROGRAMS.stream().filter(program -> !isHere(program)).toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("this machine has no " + String.join(", ", missing)
                        + ": `apt install casync zchunk squashfs-tools rauc`");
    }

    private static boolean isHere(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** What one build of the firmware left. */
    private record Made(Path slot, Path bundle) {}

    @Override
    public List<Row> run(Bench bench) throws IOException, InterruptedException {
        Path work = Files.createDirectory(bench.work().resolve("delta"));
        Made before = make(work, 1, List.of());
        Made after = make(work, 2, List.of("--package", "libpcap0.8", "--package", "tcpdump"));
        long whole = Files.size(after.bundle());
        long ours = ours(before, after);
        String what = "firmware with one package more: fetched";
        bench.say("firmware-delta: ours " + ours + " of " + whole + " bytes");
        return List.of(
                held("whole", what, ours, whole, 0.05),
                held("casync", what, ours, byCasync(work, before, after), 1.1),
                held("zchunk", what, ours, byZchunk(work, before, after), 1.1),
                held("block-hash-index", what, ours, byBlocks(before, after), 0.3),
                Row.noted(
                        "firmware with one package more: index of chunks",
                        "MB",
                        Sample.of(index(after.bundle()).length / MB)));
    }

    private static Row held(String name, String what, long ours, long theirs, double most) {
        return Row.against(name, what, "MB", Sample.of(ours / MB), Sample.of(theirs / MB), Row.atMost(most));
    }

    private static Made make(Path work, int version, List<String> more) throws IOException, InterruptedException {
        Path out = work.resolve("v" + version);
        List<String> command = new ArrayList<>(List.of(MAKE.toAbsolutePath().toString(), "--version", "V" + version));
        command.addAll(List.of("--sequence", Integer.toString(version), "--out", out.toString()));
        command.addAll(more);
        run(work, "make-" + version, command);
        return new Made(out.resolve("rootfs.squashfs"), out.resolve("firmware-V" + version + ".raucb"));
    }

    private static byte[] index(Path image) throws IOException {
        try (InputStream in = Files.newInputStream(image)) {
            return ChunkIndex.of(in);
        }
    }

    private static long ours(Made before, Made after) throws IOException {
        byte[] index = index(after.bundle());
        ChunkIndex chunks = ChunkIndex.read(index, Files.size(after.bundle()));
        Set<Long> here = new HashSet<>();
        MessageDigest digest = Sha256.digest();
        try (InputStream in = Files.newInputStream(before.slot())) {
            Chunker.cut(in, (bytes, from, length) -> {
                digest.update(bytes, from, length);
                here.add(ByteBuffer.wrap(digest.digest()).getLong());
                return true;
            });
        }
        long fetched = index.length;
        for (int chunk = 0; chunk < chunks.count(); chunk++) {
            fetched += here.contains(chunks.key(chunk)) ? 0 : chunks.length(chunk);
        }
        return fetched;
    }

    private static long byCasync(Path work, Made before, Made after) throws IOException, InterruptedException {
        Path store = Files.createDirectory(work.resolve("store"));
        Path index = work.resolve("after.caibx");
        String option = "--store=" + store;
        run(
                work,
                "casync-1",
                List.of(
                        "casync",
                        "make",
                        option,
                        work.resolve("before.caibx").toString(),
                        before.slot().toString()));
        long had = size(store);
        run(
                work,
                "casync-2",
                List.of(
                        "casync",
                        "make",
                        option,
                        index.toString(),
                        after.bundle().toString()));
        return size(store) - had + Files.size(index);
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static long byZchunk(Path work, Made before, Made after) throws IOException, InterruptedException {
        Path first = work.resolve("before.zck");
        Path second = work.resolve("after.zck");
        run(work, "zck-1", List.of("zck", "-o", first.toString(), before.slot().toString()));
        run(
                work,
                "zck-2",
                List.of("zck", "-o", second.toString(), after.bundle().toString()));
        Path said = run(work, "zck-3", List.of("zck_delta_size", first.toString(), second.toString()));
        Matcher matcher = WOULD_DOWNLOAD.matcher(Files.readString(said));
        if (!matcher.find()) {
            throw new IOException("zck_delta_size says " + Files.readString(said));
        }
        return Long.parseLong(matcher.group(1));
    }

    private static long byBlocks(Made before, Made after) throws IOException {
        Set<Sha256> here = new HashSet<>();
        blocks(before.slot(), block -> here.add(Sha256.of(block)));
        long[] fetched = new long[1];
        blocks(after.slot(), block -> fetched[0] += DIGEST + (here.contains(Sha256.of(block)) ? 0 : block.length));
        return fetched[0];
    }

    /** Takes a block. */
    @FunctionalInterface
    private interface Blocks {
        void take(byte[] block);
    }

    private static void blocks(Path file, Blocks blocks) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] block = in.readNBytes(BLOCK);
            while (block.length > 0) {
                blocks.take(block);
                block = in.readNBytes(BLOCK);
            }
        }
    }

    /** Runs it to its end; what it said. */
    private static Path run(Path work, String name, List<String> command) throws IOException, InterruptedException {
        Path log = work.resolve(name + ".log");
        Running.toItsEnd(command, Map.of("JAVA_HOME", System.getProperty("java.home")), log);
        return log;
    }
}

package io.gatehouse.tasks.diagnostics;

import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the machine says of itself, as far as it has it. */
final class Machine {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int LARGEST_LOG = 256 << 10;

    private final Path root;

    /** Reads files below this folder, which is / but in tests. */
    Machine(Path root) {
        this.root = root;
    }

    List<Source> sources() {
        List<Source> sources = new ArrayList<>();
        sources.add(new Source("log/gateway.txt", this::ownLog));
        sources.add(program("log/kernel.txt", "dmesg"));
        sources.add(program("log/journal.txt", "journalctl", "--no-pager", "-b", "-n", "2000"));
        sources.add(program("log/logread.txt", "logread"));
        sources.add(program("network/addresses.txt", "ip", "address", "show"));
        sources.add(program("network/routes.txt", "ip", "route", "show", "table", "all"));
        sources.add(program("network/routes6.txt", "ip", "-6", "route", "show", "table", "all"));
        sources.add(program("network/rules.txt", "ip", "rule", "show"));
        sources.add(program("network/neighbours.txt", "ip", "neighbour", "show"));
        sources.add(file("network/resolv.txt", "etc/resolv.conf"));
        sources.add(file("network/traffic.txt", "proc/net/dev"));
        sources.add(file("system/kernel.txt", "proc/version"));
        sources.add(file("system/os-release.txt", "etc/os-release"));
        sources.add(file("system/openwrt-release.txt", "etc/openwrt_release"));
        sources.add(file("system/uptime.txt", "proc/uptime"));
        sources.add(file("system/load.txt", "proc/loadavg"));
        sources.add(file("system/memory.txt", "proc/meminfo"));
        sources.add(file("system/mounts.txt", "proc/mounts"));
        sources.add(program("system/disks.txt", "df"));
        return sources;
    }

    private Source file(String name, String path) {
        return new Source(name, () -> {
            Path file = root.resolve(path);
            if (!Files.exists(file)) {
                return "";
            }
            try (var in = Files.newInputStream(file)) {
                return new String(in.readNBytes(Archive.LARGEST), StandardCharsets.UTF_8);
            }
        });
    }

    private static Source program(String name, String program, String... arguments) {
        return new Source(name, () -> {
            Optional<Program> found = Program.find(program);
            if (found.isEmpty()) {
                return "";
            }
            Tail tail = new Tail(LARGEST_LOG);
            Ended ended =
                    found.get().with(arguments).within(LONGEST).keeping(1024).lines(tail::add);
            if (!ended.isWell()) {
                throw new IOException(
                        program + " " + ended.words() + ": " + ended.output().lastLine());
            }
            return tail.text();
        });
    }

    /** Where its errors go to a file, as with {@code 2>>}; elsewhere the system's log has it. */
    private String ownLog() throws IOException {
        Path log;
        try {
            log = root.resolve("proc/self/fd/2").toRealPath();
        } catch (IOException e) {
            return ""; // a pipe or a socket
        }
        if (!Files.isRegularFile(log)) {
            return "";
        }
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            int size = (int) Math.min(file.length(), LARGEST_LOG);
            byte[] bytes = new byte[size];
            file.seek(file.length() - size);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}

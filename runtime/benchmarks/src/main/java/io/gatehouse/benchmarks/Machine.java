package io.gatehouse.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What all of it ran on. */
final class Machine {
    private Machine() {}

    /** By name, for a reader. */
    static Map<String, String> describe() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(
                "machine",
                first("/proc/cpuinfo", "model name") + ", "
                        + Runtime.getRuntime().availableProcessors() + " cores, " + memory() + " GiB of memory");
        all.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        all.put("JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        return all;
    }

    private static long memory() throws IOException {
        return Math.round(Long.parseLong(first("/proc/meminfo", "MemTotal").replaceAll("\\D", "")) / 1048576.0);
    }

    private static String first(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }
}

package io.gatehouse.collector.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/** Whom this machine asks for names. */
final class NameServers {
    /** Where a machine that asks a resolver of its own keeps the ones that it asks: OpenWrt, old OpenWrt, systemd. */
    private static final List<String> BEHIND_OWN_RESOLVER =
            List.of("tmp/resolv.conf.d/resolv.conf.auto", "tmp/resolv.conf.auto", "run/systemd/resolve/resolv.conf");

    private NameServers() {}

    /** All of them, in the order in which they are asked. */
    static List<String> read(Path root) throws IOException {
        List<String> found = parse(root.resolve("etc/resolv.conf"));
        if (!found.stream().allMatch(NameServers::isOfThisMachine)) {
            return found;
        }
        for (String file : BEHIND_OWN_RESOLVER) {
            List<String> behind = parse(root.resolve(file));
            if (!behind.isEmpty()) {
                return behind;
            }
        }
        return found;
    }

    static boolean isV6(String address) {
        return address.indexOf(':') >= 0;
    }

    private static boolean isOfThisMachine(String address) {
        return address.startsWith("127.") || address.equals("::1");
    }

    private static List<String> parse(Path file) throws IOException {
        String text;
        try {
            text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        StringTokenizer lines = new StringTokenizer(text, "\n");
        while (lines.hasMoreTokens()) {
            StringTokenizer words = new StringTokenizer(lines.nextToken());
            if (words.countTokens() >= 2 && words.nextToken().equals("nameserver")) {
                String address = words.nextToken();
                if (!found.contains(address)) {
                    found.add(address);
                }
            }
        }
        return found;
    }
}

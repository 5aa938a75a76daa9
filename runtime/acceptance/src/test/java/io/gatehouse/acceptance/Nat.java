package io.gatehouse.acceptance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A device's network behind a router that lets it out and lets nobody in, as a mobile operator's does: one network namespace for the
 * device, one for the router, which translates addresses. This machine is outside.
 */
final class Nat implements AutoCloseable {
    private static final String DEVICE = "192.168.77.2";
    private static final String GATEWAY = "192.168.77.1";

    /** So that none has the name of one that the kernel has not wholly forgotten. */
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final long process = ProcessHandle.current().pid();
    private final String name = "gh" + Long.toString(process, Character.MAX_RADIX) + "-" + COUNT.incrementAndGet();
    private final String device = name + "d";
    private final String router = name + "r";
    /** Of the addresses that RFC 2544 sets aside for tests; other ones for each process that tests. */
    private final String net = "198.19." + (process >> 6 & 0xff) + ".";

    private final long first = (process & 0x3f) << 2;

    private Nat() {}

    private void lay() throws IOException {
        String in = router + "i";
        String out = router + "o";
        Shell.run("ip", "netns", "add", device);
        Shell.run("ip", "netns", "add", router);
        Shell.run("ip", "link", "add", device + "e", "netns", device, "type", "veth", "peer", in, "netns", router);
        Shell.run("ip", "link", "add", router + "e", "type", "veth", "peer", out, "netns", router);
        Shell.run("ip", "addr", "add", outside() + "/30", "dev", router + "e");
        Shell.run("ip", "link", "set", router + "e", "up");
        within(router, "ip", "addr", "add", net + (first + 2) + "/30", "dev", out);
        within(router, "ip", "link", "set", out, "up");
        within(router, "ip", "addr", "add", GATEWAY + "/24", "dev", in);
        within(router, "ip", "link", "set", in, "up");
        within(device, "ip", "addr", "add", DEVICE + "/24", "dev", device + "e");
        within(device, "ip", "link", "set", device + "e", "up");
        within(device, "ip", "link", "set", "lo", "up");
        within(device, "ip", "route", "add", "default", "via", GATEWAY);
        within(router, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        rules(
                "add table ip gate",
                "add chain ip gate post { type nat hook postrouting priority 100; }",
                "add rule ip gate post oifname " + out + " masquerade",
                "add chain ip gate forward { type filter hook forward priority 0; policy drop; }",
                "add rule ip gate forward iifname " + in + " accept",
                "add rule ip gate forward ct state established,related accept",
                "add chain ip gate line { type filter hook forward priority -10; policy accept; }");
    }

    /** A network where nothing is wrong; skips the test that calls it where none can be made. */
    static Nat build() throws IOException {
        Shell.assumeRootWith("a device behind a NAT", "/usr/sbin/ip", "/usr/sbin/nft");
        Nat nat = new Nat();
        try {
            nat.lay();
            return nat;
        } catch (IOException e) {
            try (nat) {
                throw e;
            }
        }
    }

    /** How to run a program on the device. */
    Surroundings device() {
        return Surroundings.of("ip", "netns", "exec", device);
    }

    /** A command that runs on the device. */
    List<String> onDevice(String... command) {
        List<String> whole = new ArrayList<>(device().before());
        whole.addAll(List.of(command));
        return whole;
    }

    /** By which address the device reaches this machine. */
    String outside() {
        return net + (first + 1);
    }

    /** From now on the router forwards nothing; who waits for an answer is not told. */
    void cut() throws IOException {
        rules("add rule ip gate line drop");
    }

    /** The router forwards again, and knows what it translated before. */
    void mend() throws IOException {
        rules("flush chain ip gate line");
    }

    private void rules(String... lines) throws IOException {
        for (String line : lines) {
            within(router, "nft", line);
        }
    }

    private static void within(String namespace, String... command) throws IOException {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        whole.addAll(List.of(command));
        Shell.run(whole.toArray(String[]::new));
    }

    /** With it goes all that runs there. */
    @Override
    public void close() throws IOException {
        Shell.run("sh", "-c", "ip netns pids " + device + " | xargs -r kill -9");
        // By name and at once: with its namespace it would go some time later, and its address with it.
        Shell.run("ip", "link", "del", router + "e");
        Shell.run("ip", "netns", "del", device);
        Shell.run("ip", "netns", "del", router);
    }
}

package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where names are asked for. */
record DnsServer(InetSocketAddress address) {
    private static final int PORT = 53;
    /** As the C library does. */
    private static final int MOST = 3;

    private static final Pattern V4 = Pattern.compile(
            "((?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3})(?::(\\d{1,5}))?");
    private static final Pattern V6 = Pattern.compile("(?=[^%]*:)([0-9a-fA-F:.]+(?:%[\\w.-]+)?)");
    private static final Pattern V6_AND_PORT = Pattern.compile("\\[([0-9a-fA-F:.]+(?:%[\\w.-]+)?)](?::(\\d{1,5}))?");

    /** The server that this argument names. */
    static DnsServer of(Members arguments, String member) {
        String text = arguments.string(member);
        return read(text)
                .orElseThrow(() -> arguments.wrong(
                        member,
                        text,
                        "a name server's address, with a port if need be, such as 192.0.2.1:53 or [2001:db8::1]:53"));
    }

    /** Those that this machine asks, from a file such as {@code /etc/resolv.conf}; none where there is no such file. */
    static List<DnsServer> ofThisMachine(Path file) throws IOException {
        List<DnsServer> servers = new ArrayList<>();
        if (Files.exists(file)) {
            for (String line : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).split("\n", -1)) {
                String[] words = line.strip().split("\\s+", -1);
                if (servers.size() < MOST && words.length >= 2 && words[0].equals("nameserver")) {
                    read(words[1]).ifPresent(servers::add);
                }
            }
        }
        return servers;
    }

    /** An address and never a name: to find a name server nobody is asked. */
    static Optional<DnsServer> read(String text) {
        for (Pattern form : List.of(V4, V6_AND_PORT, V6)) {
            Matcher matcher = form.matcher(text);
            if (matcher.matches()) {
                String port = matcher.groupCount() > 1 ? matcher.group(2) : null;
                return read(matcher.group(1), port == null ? PORT : Integer.parseInt(port));
            }
        }
        return Optional.empty();
    }

    private static Optional<DnsServer> read(String address, int port) {
        if (port < 1 || port > 65535) {
            return Optional.empty();
        }
        try {
            // in brackets nothing but an address is taken
            InetAddress numeric = InetAddress.getByName(address.indexOf(':') < 0 ? address : "[" + address + "]");
            return Optional.of(new DnsServer(new InetSocketAddress(numeric, port)));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** As one writes it. */
    @Override
    public String toString() {
        return Line.where(address.getAddress(), address.getPort());
    }
}

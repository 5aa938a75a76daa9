package io.gatehouse.collector.network;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;

/** The kernel's routing tables, of which the default routes are wanted. */
final class Routes {
    private static final String NONE_V4 = "00000000";
    private static final String NONE_V6 = "00000000000000000000000000000000";
    private static final int UP = 0x1;
    private static final int REJECT = 0x200;

    private Routes() {}

    /**
     * Reads {@code /proc/net/route}.
     *
     * @param order of the machine's bytes: addresses are written there as numbers in it
     */
    static List<Gateway> v4(Path file, ByteOrder order) throws IOException {
        List<Gateway> found = new ArrayList<>();
        for (List<String> row : rows(file)) {
            if (row.size() < 8 || !row.get(1).equals(NONE_V4) || !row.get(7).equals(NONE_V4)) {
                continue;
            }
            if (isUsed(row.get(3))) {
                found.add(new Gateway(address(row.get(2), order), row.get(0), Long.parseLong(row.get(6))));
            }
        }
        return found;
    }

    /** Reads {@code /proc/net/ipv6_route}. */
    static List<Gateway> v6(Path file) throws IOException {
        List<Gateway> found = new ArrayList<>();
        for (List<String> row : rows(file)) {
            if (row.size() < 10 || !row.get(0).equals(NONE_V6) || !row.get(1).equals("00")) {
                continue;
            }
            if (isUsed(row.get(8))) {
                found.add(new Gateway(
                        address(row.get(4), ByteOrder.BIG_ENDIAN), row.get(9), Long.parseLong(row.get(5), 16)));
            }
        }
        return found;
    }

    private static boolean isUsed(String flags) {
        int bits = Integer.parseUnsignedInt(flags, 16);
        return (bits & UP) != 0 && (bits & REJECT) == 0;
    }

    private static Optional<String> address(String hex, ByteOrder order) throws UnknownHostException {
        if (hex.equals(NONE_V4) || hex.equals(NONE_V6)) {
            return Optional.empty();
        }
        byte[] bytes = HexFormat.of().parseHex(hex);
        if (order == ByteOrder.LITTLE_ENDIAN) {
            int number = ByteBuffer.wrap(bytes).getInt();
            bytes = ByteBuffer.allocate(Integer.BYTES)
                    .order(order)
                    .putInt(number)
                    .array();
        }
        return Optional.of(Text.of(InetAddress.getByAddress(bytes)));
    }

    /** The words of each line; none where the file is not there, for then the kernel lacks the whole family. */
    private static List<List<String>> rows(Path file) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> words = new ArrayList<>();
                StringTokenizer tokens = new StringTokenizer(line);
                while (tokens.hasMoreTokens()) {
                    words.add(tokens.nextToken());
                }
                rows.add(words);
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return rows;
    }
}

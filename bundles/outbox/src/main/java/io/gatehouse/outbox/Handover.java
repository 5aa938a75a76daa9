package io.gatehouse.outbox;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one outbox leaves to the next in the same process: this bundle, or one that it needs, can be replaced while
 * messages wait.
 *
 * @param boot the process; whatever another left is of no use, as its numbers are not ours
 * @param lastId of a letter
 * @param lastSeq of an observation or event
 * @param items all that waits
 */
record Handover(String boot, long lastId, long lastSeq, List<Item> items) {
    /** Of the file. */
    private static final int VERSION = 2;

    Handover {
        items = List.copyOf(items);
    }

    /** A letter that waits, with the time it has left. */
    record Item(long id, long place, Rank rank, Message message) {}

    /** Writes it; what is there gives way. */
    void write(Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(VERSION);
            write(out, boot);
            out.writeLong(lastId);
            out.writeLong(lastSeq);
            out.writeInt(items.size());
            for (Item item : items) {
                out.writeLong(item.id());
                out.writeLong(item.place());
                write(out, item.rank().name());
                write(out, item.message());
            }
        }
    }

    /** Reads what was left in this process, if anything was, and takes it away. */
    static Optional<Handover> take(Path file, String boot) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int version = in.readInt();
            if (version != VERSION) {
                throw new IOException("it is of version " + version + ", not " + VERSION);
            }
            if (!readText(in).equals(boot)) {
                return Optional.empty();
            }
            long lastId = in.readLong();
            long lastSeq = in.readLong();
            List<Item> items = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                items.add(new Item(in.readLong(), in.readLong(), Rank.valueOf(readText(in)), readMessage(in)));
            }
            return Optional.of(new Handover(boot, lastId, lastSeq, items));
        } finally {
            Files.delete(file);
        }
    }

    private static void write(DataOutputStream out, Message message) throws IOException {
        write(out, message.topic());
        write(out, message.payload());
        write(out, message.contentType());
        out.writeBoolean(message.retain());
        write(out, message.responseTopic().orElse(""));
        write(out, message.correlation().orElse(new byte[0]));
        out.writeLong(message.expiry().map(Duration::toSeconds).orElse(-1L));
        out.writeInt(message.properties().pairs().size());
        for (UserProperties.Pair property : message.properties().pairs()) {
            write(out, property.name());
            write(out, property.value());
        }
    }

    private static Message readMessage(DataInputStream in) throws IOException {
        String topic = readText(in);
        byte[] payload = readBytes(in);
        String contentType = readText(in);
        boolean retain = in.readBoolean();
        Optional<String> responseTopic = Optional.of(readText(in)).filter(text -> !text.isEmpty());
        Optional<byte[]> correlation = Optional.of(readBytes(in)).filter(bytes -> bytes.length > 0);
        Optional<Duration> expiry =
                Optional.of(in.readLong()).filter(seconds -> seconds >= 0).map(Duration::ofSeconds);
        List<UserProperties.Pair> properties = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            properties.add(new UserProperties.Pair(readText(in), readText(in)));
        }
        return new Message(
                topic,
                payload,
                contentType,
                retain,
                new Message.Exchange(responseTopic, correlation),
                expiry,
                new UserProperties(properties));
    }

    /** Not {@code writeUTF}, which fails beyond 65535 bytes, and one property of such a length would take all with it. */
    private static void write(DataOutputStream out, String text) throws IOException {
        write(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("it ends " + (length - bytes.length) + " bytes early");
        }
        return bytes;
    }
}

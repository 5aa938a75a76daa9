package io.gatehouse.outbox;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A letter as it lies on flash: version, flags, topic, device, boot, time of putting; then, as the flags say, seq, expiry, response
 * topic and correlation data; content type, properties, and the payload up to the end. The topic is written once where it begins
 * with the device's name; counts and lengths take as many bytes as they need.
 *
 * @param since when it was put, on the clock of {@link System#nanoTime} in its boot
 * @param isPassing whether it is of no use to another process
 */
record Written(Stamp stamp, Message message, long seq, long since, boolean isPassing) {
    private static final byte VERSION = 1;

    private static final int RETAINED = 1;
    private static final int NUMBERED = 2;
    private static final int EXPIRING = 4;
    private static final int ANSWERED = 8;
    private static final int CORRELATED = 16;
    private static final int PASSING = 32;

    private static final List<String> CONTENT_TYPES = List.of(Message.JSON, Message.BYTES);

    static Written of(Letter letter) {
        return new Written(
                letter.stamp(), letter.message(), letter.seq(), letter.since(), letter.rank() == Rank.PASSING);
    }

    /**
     * The letter that it was.
     *
     * @param ours the stamp of this process
     * @param began when this process did: what another left is as if it had been put then
     */
    Letter letter(Lane lane, long number, Stamp ours, long began) {
        boolean isOurs = stamp.boot().equals(ours.boot());
        Letter letter = new Letter(lane, stamp.equals(ours) ? ours : stamp, message, seq, isOurs ? since : began, 0);
        letter.number(number);
        return letter;
    }

    byte[] write() {
        Writing out = new Writing();
        out.write(VERSION);
        out.write(flags());
        out.text(message.topic());
        boolean below = message.topic().startsWith(stamp.device());
        out.text(below ? "" : stamp.device());
        out.count(below ? stamp.device().length() : 0);
        out.fixed(HexFormat.fromHexDigitsToLong(stamp.boot()));
        out.fixed(since);
        if (seq > 0) {
            out.count(seq);
        }
        message.expiry().ifPresent(expiry -> out.count(expiry.toSeconds()));
        message.responseTopic().ifPresent(out::text);
        message.correlation().ifPresent(out::bytes);
        int known = CONTENT_TYPES.indexOf(message.contentType());
        out.count(known + 1);
        if (known < 0) {
            out.text(message.contentType());
        }
        out.count(message.properties().pairs().size());
        message.properties().forEach((name, value) -> {
            out.text(name);
            out.text(value);
        });
        out.writeBytes(message.payload());
        return out.toByteArray();
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException where it is of another version, or no record
     */
    static Written read(byte[] record) {
        try {
            return read(new Scanning(ByteBuffer.wrap(record)));
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(
                    "record of " + record.length + " bytes ends early, or counts wrongly", e);
        }
    }

    private static Written read(Scanning in) {
        byte version = in.next();
        if (version != VERSION) {
            throw new IllegalArgumentException("record of version " + version + "; only " + VERSION + " is known");
        }
        int flags = in.next();
        String topic = in.text();
        String device = in.text();
        device = device.isEmpty() ? topic.substring(0, Math.min(topic.length(), (int) in.count())) : skip(device, in);
        Stamp stamp = new Stamp(device, HexFormat.of().toHexDigits(in.fixed()));
        long since = in.fixed();
        long seq = (flags & NUMBERED) == 0 ? 0 : in.count();
        Optional<Duration> expiry =
                (flags & EXPIRING) == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(in.count()));
        Optional<String> responseTopic = (flags & ANSWERED) == 0 ? Optional.empty() : Optional.of(in.text());
        Optional<byte[]> correlation = (flags & CORRELATED) == 0 ? Optional.empty() : Optional.of(in.bytes());
        int known = (int) in.count() - 1;
        String contentType = known < 0 ? in.text() : CONTENT_TYPES.get(Math.min(known, CONTENT_TYPES.size() - 1));
        UserProperties properties = properties(in);
        Message message = new Message(
                topic,
                in.rest(),
                contentType,
                (flags & RETAINED) != 0,
                new Message.Exchange(responseTopic, correlation),
                expiry,
                properties);
        return new Written(stamp, message, seq, since, (flags & PASSING) != 0);
    }

    private static String skip(String device, Scanning in) {
        in.count();
        return device;
    }

    private static UserProperties properties(Scanning in) {
        List<UserProperties.Pair> pairs = new ArrayList<>(0);
        for (long left = in.count(); left > 0; left--) {
            pairs.add(new UserProperties.Pair(in.text(), in.text()));
        }
        return pairs.isEmpty() ? UserProperties.none() : new UserProperties(pairs);
    }

    private int flags() {
        return (message.retain() ? RETAINED : 0)
                | (seq > 0 ? NUMBERED : 0)
                | (message.expiry().isPresent() ? EXPIRING : 0)
                | (message.responseTopic().isPresent() ? ANSWERED : 0)
                | (message.correlation().isPresent() ? CORRELATED : 0)
                | (isPassing ? PASSING : 0);
    }

    private static final class Writing extends ByteArrayOutputStream {
        Writing() {
            super(256);
        }

        void fixed(long number) {
            writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        }

        /** Seven bits a byte, the lowest first. */
        void count(long number) {
            long left = number;
            while ((left & ~0x7fL) != 0) {
                write((int) ((left & 0x7f) | 0x80));
                left >>>= 7;
            }
            write((int) left);
        }

        void text(String text) {
            bytes(text.getBytes(StandardCharsets.UTF_8));
        }

        void bytes(byte[] bytes) {
            count(bytes.length);
            writeBytes(bytes);
        }
    }

    private record Scanning(ByteBuffer in) {
        byte next() {
            return in.get();
        }

        long fixed() {
            return in.getLong();
        }

        long count() {
            long number = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                byte next = in.get();
                number |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return number;
                }
            }
            throw new IllegalArgumentException("a count of more than 64 bits");
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        byte[] bytes() {
            return bytes(count());
        }

        byte[] rest() {
            return bytes(in.remaining());
        }

        private byte[] bytes(long length) {
            if (length < 0 || length > in.remaining()) {
                throw new BufferUnderflowException();
            }
            byte[] bytes = new byte[(int) length];
            in.get(bytes);
            return bytes;
        }
    }
}

package io.gatehouse.cli.ca;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the authority granted and issued: a file of JSON lines that only grows, for its owner's eyes only. Several processes may
 * use it at once; each sees what the others wrote. Thread-safe.
 */
public final class Register {
    private final Path file;
    private final Clock clock;

    // guarded by this
    private final Map<String, Entry.Granted> tokens = new LinkedHashMap<>();
    private final Map<String, Entry.Issued> redeemed = new LinkedHashMap<>();
    private final Map<String, Device> devices = new LinkedHashMap<>();
    private final Map<String, List<Entry.Issued>> unreleased = new LinkedHashMap<>();
    private final List<Revoked> revoked = new ArrayList<>();
    private long read;

    /**
     * What is known of a device.
     *
     * @param granted its latest token
     * @param issued its certificate; nothing where there was none, or it was released
     */
    record Device(Entry.Granted granted, Optional<Entry.Issued> issued) {}

    /** A certificate that does not count any more from then on, whatever it says itself. */
    record Revoked(Entry.Issued issued, Instant at) {}

    /** Works on the register while nobody else does. */
    @FunctionalInterface
    interface Work<T> {
        /** What it adds is on disk before anybody sees what it returns. */
        T run(List<Entry> additions) throws Trouble;
    }

    Register(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** Runs with all that anybody wrote until now, and writes what it adds. */
    synchronized <T> T locked(Work<T> work) throws Trouble {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            FileLock untilClosed = channel.lock();
            assert untilClosed.isValid();
            catchUp(channel);
            List<Entry> additions = new ArrayList<>();
            T result = work.run(additions);
            append(channel, additions);
            return result;
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot use the register " + file + ": " + e.getMessage(), e);
        }
    }

    Optional<Entry.Granted> token(String id) {
        return Optional.ofNullable(tokens.get(id));
    }

    /** What a token was redeemed for, if it was. */
    Optional<Entry.Issued> redeemed(String token) {
        return Optional.ofNullable(redeemed.get(token));
    }

    Optional<Device> device(String name) {
        return Optional.ofNullable(devices.get(name));
    }

    /** All devices that a token was made for, in the order of their first. */
    Map<String, Device> devices() {
        return new LinkedHashMap<>(devices);
    }

    /** What was issued to devices whose names were released since; also what they renewed, for that goes on to its end. */
    List<Revoked> revoked() {
        return List.copyOf(revoked);
    }

    private void catchUp(FileChannel channel) throws IOException, Trouble {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        channel.position(read);
        while (channel.read(buffer) >= 0) {
            bytes.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        byte[] added = bytes.toByteArray();
        int begin = 0;
        for (int at = 0; at < added.length; at++) {
            if (added[at] == '\n') {
                take(Arrays.copyOfRange(added, begin, at));
                begin = at + 1;
            }
        }
        read += begin; // what follows the last line's end is what a power cut left of one; it was never answered
    }

    private void take(byte[] line) throws Trouble {
        try {
            take(Entry.read(Json.readStrict(line)));
        } catch (BadArgument | DateTimeException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "the register " + file + " has a line that cannot be read: " + e.getMessage(),
                    e);
        }
    }

    private void take(Entry entry) throws Trouble {
        Device before = devices.get(entry.device());
        if (entry instanceof Entry.Granted granted) {
            tokens.put(granted.token(), granted);
            devices.put(granted.device(), new Device(granted, before == null ? Optional.empty() : before.issued()));
        } else if (before == null) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "the register " + file + " has no token for " + entry.device() + ", and goes on");
        } else if (entry instanceof Entry.Issued issued) {
            issued.token().ifPresent(token -> redeemed.put(token, issued));
            devices.put(issued.device(), new Device(before.granted(), Optional.of(issued)));
            unreleased
                    .computeIfAbsent(issued.device(), device -> new ArrayList<>())
                    .add(issued);
        } else if (entry instanceof Entry.Released released) {
            devices.put(released.device(), new Device(before.granted(), Optional.empty()));
            Optional.ofNullable(unreleased.remove(released.device()))
                    .ifPresent(all -> all.forEach(issued -> revoked.add(new Revoked(issued, released.at()))));
        }
    }

    private void append(FileChannel channel, List<Entry> additions) throws IOException, Trouble {
        if (additions.isEmpty()) {
            return;
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (Entry entry : additions) {
            lines.writeBytes(Json.write(entry.write(clock.instant())));
            lines.write('\n');
        }
        channel.truncate(read);
        channel.position(read);
        for (ByteBuffer left = ByteBuffer.wrap(lines.toByteArray()); left.hasRemaining(); ) {
            channel.write(left);
        }
        channel.force(true);
        read += lines.size();
        for (Entry entry : additions) {
            take(entry);
        }
    }
}

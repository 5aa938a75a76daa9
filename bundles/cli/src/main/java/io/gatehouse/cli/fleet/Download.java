package io.gatehouse.cli.fleet;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.ArtifactRequest;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Scope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Reads an artifact that a device made: range by range, by commands of which two are on their way, so that the line is never idle. What does
 * not come is asked for again. For one thread.
 */
public final class Download {
    /** As much as a device gives at once. */
    private static final long RANGE = 256 << 10;

    private static final String READ = "artifact.read";
    private static final int AHEAD = 2;
    private static final int TRIES = 3;

    /** What a chunk costs at least while it waits. */
    private static final int CHUNK_COST = 1024;

    private final Fleet fleet;
    private final Signer signer;
    private final String device;
    private final Duration patience;
    private final Deque<Range> ranges = new ArrayDeque<>();
    private final TreeMap<Long, byte[]> early = new TreeMap<>();
    private long waiting;

    /**
     * A download.
     *
     * @param patience how long an answer may take
     */
    public Download(Fleet fleet, Signer signer, String device, Duration patience) {
        this.fleet = fleet;
        this.signer = signer;
        this.device = device;
        this.patience = patience;
    }

    /**
     * Reads what the part lacks, and makes it the file.
     *
     * @param progress is told how many bytes are here
     * @throws Trouble where the device refuses or falls silent; what came stays in the part, to be gone on with
     */
    public void into(PartFile part, LongConsumer progress) throws Trouble, InterruptedException {
        do {
            ranges.clear();
            early.clear();
            waiting = 0;
            read(part, progress);
        } while (!part.finish());
    }

    private void read(PartFile part, LongConsumer progress) throws Trouble, InterruptedException {
        long next = part.length();
        while (part.length() < part.size()) {
            while (ranges.size() < AHEAD && next < part.size()) {
                long to = Math.min(part.size(), next + RANGE);
                ranges.add(new Range(next, to, ask(part, next, to)));
                next = to;
            }
            Optional<Message> message = fleet.next(untilOverdue());
            if (message.isPresent()) {
                take(message.get(), part);
                progress.accept(part.length());
            }
            ranges.removeIf(range -> part.length() >= range.to());
            askAgain(part);
        }
    }

    private Call ask(PartFile part, long from, long to) throws Trouble, InterruptedException {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("sha256", part.sha256().hex());
        arguments.put("offset", from);
        arguments.put("length", to - from);
        arguments.put("chunk", ArtifactRequest.LARGEST_CHUNK);
        Call call = Call.of(fleet, new Scope(device), READ, arguments, patience);
        fleet.publish(signer.sign(call.message()));
        return call;
    }

    private Duration untilOverdue() {
        return ranges.stream()
                .map(range -> range.patience(patience))
                .reduce(patience, (one, other) -> one.compareTo(other) < 0 ? one : other)
                .plusMillis(1);
    }

    private void take(Message message, PartFile part) throws Trouble {
        for (Range range : ranges) {
            if (range.isAnsweredBy(message)) {
                range.heard();
                if (message.contentType().equals(Message.BYTES)) {
                    takeChunk(range, message, part);
                } else {
                    takeReply(range, message);
                }
                return;
            }
        }
    }

    private void takeReply(Range range, Message message) throws Trouble {
        Reply reply;
        try {
            reply = Reply.read(message.payload());
        } catch (BadArgument e) {
            throw new Trouble(Trouble.Kind.REFUSED, device + " answers what is no reply: " + e.getMessage(), e);
        }
        if (reply instanceof Reply.End end) {
            Ends.done(device, READ, end.outcome());
            range.ended();
        }
    }

    /** What lies outside of what was asked for is nobody's. */
    private void takeChunk(Range range, Message message, PartFile part) throws Trouble {
        long offset = number(message, ArtifactRequest.OFFSET);
        byte[] bytes = message.payload();
        boolean isAsked = number(message, ArtifactRequest.SIZE) == part.size()
                && offset >= range.from()
                && offset <= range.to() - bytes.length;
        if (!isAsked || offset + bytes.length <= part.length() || !mayWait(offset, bytes)) {
            return;
        }
        range.advanced();
        early.put(offset, bytes);
        waiting += cost(bytes);
        while (!early.isEmpty() && early.firstKey() <= part.length()) {
            Map.Entry<Long, byte[]> first = early.pollFirstEntry();
            waiting -= cost(first.getValue());
            int known = (int) (part.length() - first.getKey());
            if (known < first.getValue().length) {
                part.append(first.getValue(), known);
            }
        }
    }

    /** Whatever is sent, and in whatever pieces, what waits here for earlier bytes is bounded. */
    private boolean mayWait(long offset, byte[] bytes) {
        return !early.containsKey(offset) && waiting + cost(bytes) <= 2 * AHEAD * RANGE;
    }

    private static long cost(byte[] bytes) {
        return Math.max(CHUNK_COST, bytes.length);
    }

    private static long number(Message message, String property) {
        try {
            return Long.parseLong(message.properties().first(property).orElse(""));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void askAgain(PartFile part) throws Trouble, InterruptedException {
        for (Range range : ranges) {
            long missing = firstMissing(part, range);
            if (missing < range.to() && range.patience(patience).isNegative()) {
                if (range.repeat(ask(part, missing, range.to())) >= TRIES) {
                    throw new Trouble(
                            Trouble.Kind.NO_ANSWER,
                            "nothing comes from " + device + " any more, asked " + TRIES + " times; " + part.length()
                                    + " of " + part.size() + " bytes are in " + part.path()
                                    + ", and the same command goes on from there");
                }
            } else if (missing >= range.to()) {
                range.heard(); // it waits for an earlier one
            }
        }
    }

    private long firstMissing(PartFile part, Range range) {
        long missing = Math.max(part.length(), range.from());
        for (Map.Entry<Long, byte[]> chunk : early.entrySet()) {
            if (chunk.getKey() <= missing) {
                missing = Math.max(missing, chunk.getKey() + chunk.getValue().length);
            }
        }
        return missing;
    }
}

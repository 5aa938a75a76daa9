package io.gatehouse.dispatch;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The commands that came, until each expires, so that one that is delivered again is not run again. In memory: a command that is
 * delivered again after a restart of the process is run again. Thread-safe.
 */
final class Journal {
    /** Beyond either the oldest that ended is forgotten early. */
    private static final int MOST_ENTRIES = 1024;

    private static final long MOST_BYTES = 1 << 20;

    private final LongSupplier nanos;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private long bytes;

    Journal(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private static final class Entry {
        private final Sha256 fingerprint;
        private final long expires;
        /** The reply's payload. */
        private byte @Nullable [] end;

        Entry(Sha256 fingerprint, long expires) {
            this.fingerprint = fingerprint;
            this.expires = expires;
        }
    }

    /** A call that is new, and is now kept; or what becomes of one that is not. */
    synchronized Incoming admit(Call call) {
        if (call.identity().isEmpty()) {
            return call;
        }
        forgetExpired();
        Sha256 fingerprint = fingerprint(call);
        Entry seen = entries.get(call.id());
        if (seen == null) {
            entries.put(
                    call.id(),
                    new Entry(fingerprint, nanos.getAsLong() + call.memory().toNanos()));
            return call;
        }
        if (!seen.fingerprint.equals(fingerprint)) {
            return new Incoming.Settled(
                    call,
                    Outcome.refused(
                            "identity-reused",
                            "Correlation Data " + call.id()
                                    + " (base64url) came before with another topic or payload; take new ones"));
        }
        byte[] end = seen.end;
        return end == null ? Incoming.Nothing.NOTHING : settled(call, end);
    }

    /** Keeps how a call ended, to say so again. */
    synchronized void ended(Call call, Reply.End reply) {
        Entry entry = entries.get(call.id());
        if (entry != null && entry.end == null) {
            byte[] end = reply.write();
            entry.end = end;
            bytes += end.length;
            forgetOldest();
        }
    }

    private static Incoming settled(Call call, byte[] end) {
        return new Incoming.Settled(call, ((Reply.End) Reply.read(end)).outcome());
    }

    private void forgetExpired() {
        long now = nanos.getAsLong();
        forget(entry -> entry.expires - now <= 0);
    }

    private void forgetOldest() {
        forget(entry -> entry.end != null && (entries.size() > MOST_ENTRIES || bytes > MOST_BYTES));
    }

    /** Asks from the oldest to the newest, and forgets at once. */
    private void forget(Predicate<Entry> which) {
        for (Iterator<Entry> all = entries.values().iterator(); all.hasNext(); ) {
            Entry entry = all.next();
            if (which.test(entry)) {
                all.remove();
                bytes -= entry.end == null ? 0 : entry.end.length;
            }
        }
    }

    private static Sha256 fingerprint(Call call) {
        MessageDigest digest = Sha256.digest();
        digest.update(call.message().topic().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(call.message().payload());
        return Sha256.of(digest);
    }
}

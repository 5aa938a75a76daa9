package io.gatehouse.dispatch;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The commands that came, until each expires, so that none is run twice: on flash before it is run, with its end before that is
 * told. What is on flash is read when the first command comes, or its end is asked for: the store opens beside connecting.
 * Thread-safe.
 */
final class Journal {
    private static final System.Logger LOG = System.getLogger(Journal.class.getName());
    private static final String COMMAND = "command.";

    /** Beyond either the oldest that ended is forgotten early. */
    private static final int MOST_ENTRIES = 1024;

    private static final long MOST_BYTES = 1 << 20;

    private final Store store;
    private final KnownTime time;
    private final String boot;
    /** Up to when what was signed may have been forgotten; seconds since 1970. */
    private final KeptNumber keptForgotten;

    // guarded by this
    private final Map<String, Kept> entries = new LinkedHashMap<>();
    private final Set<String> untold = new LinkedHashSet<>(); // of those from before
    private long forgotten;
    private long bytes;
    private boolean isRead;
    private boolean stopped;

    /** An entry, and how large it is on flash. */
    private record Kept(JournalEntry entry, int size) {}

    /** One of this process, of which each start has another name. */
    Journal(Store store, KnownTime time, String boot) {
        this.store = store;
        this.time = time;
        this.boot = boot;
        this.keptForgotten = new KeptNumber(store, "forgotten");
    }

    private void read() {
        if (isRead) {
            return;
        }
        List<Map.Entry<String, Kept>> found = new ArrayList<>();
        for (String key : store.keys()) {
            if (key.startsWith(COMMAND)) {
                read(key).ifPresent(kept -> found.add(Map.entry(key.substring(COMMAND.length()), kept)));
            }
        }
        found.sort(
                Comparator.comparingLong(one -> one.getValue().entry().signed().issued()));
        forgotten = keptForgotten.read();
        for (Map.Entry<String, Kept> one : found) {
            entries.put(one.getKey(), one.getValue());
            bytes += one.getValue().size();
            if (!one.getValue().entry().told()) {
                untold.add(one.getKey());
            }
        }
        isRead = true;
    }

    /**
     * The commands whose end was not told when the process before this one ended, or the dispatcher before this one, and which is
     * not told since. Of those that have no end the ones that a process left, and whose signature still holds, are to be resumed,
     * for as long as it does; the others have it now.
     */
    List<Incoming> untold() {
        List<Incoming> all = new ArrayList<>();
        synchronized (this) {
            if (stopped) {
                return List.of();
            }
            read();
            for (String identity : untold) {
                all.add(becomes(identity, Objects.requireNonNull(entries.get(identity))));
            }
        }
        if (!all.isEmpty()) {
            sync();
        }
        return all;
    }

    private Incoming becomes(String identity, Kept kept) {
        JournalEntry entry = kept.entry();
        if (entry.end().isPresent()) {
            return new Incoming.Settled(entry.call(), entry.end().get().outcome());
        }
        Duration left = Duration.between(
                time.now().now(), Instant.ofEpochSecond(entry.signed().expires()));
        boolean ranElsewhere = entry.boot().filter(boot::equals).isEmpty();
        if (ranElsewhere && left.compareTo(Duration.ZERO) > 0) {
            return new Incoming.CutShort(entry.call().within(left));
        }
        keepEnd(identity, kept, new Reply.End(Outcome.interrupted()));
        return new Incoming.Settled(entry.call(), Outcome.interrupted());
    }

    /** Whoever comes next tells what is untold from now on, and what has no end may be running there. */
    synchronized void stop() {
        stopped = true;
    }

    /** A call that is new, and is on flash now; or what becomes of one that is not to be run. */
    Incoming admit(Call call) {
        synchronized (this) {
            read();
            forgetExpired();
            String fingerprint = fingerprint(call);
            Kept seen = entries.get(call.identity());
            if (seen != null) {
                return again(call, fingerprint, seen.entry());
            }
            if (call.signed().orElseThrow().issued() <= forgotten) {
                return new Incoming.Settled(
                        call,
                        Outcome.refused(
                                "forgotten",
                                "so many commands came that those signed up to then are not all remembered, and this may"
                                        + " be one of them; send it anew"));
            }
            if (!keep(call.identity(), JournalEntry.of(call, fingerprint, boot))) {
                return new Incoming.Settled(
                        call,
                        Outcome.refused("not-kept", "the device cannot note that it ran this command; see its log"));
            }
            forgetOldest();
        }
        sync();
        return call;
    }

    /**
     * Keeps how a call ended, to say so again. When this returns it is on flash: an answer may leave before the outbox has
     * written it, and a process that dies then must not tell another end.
     */
    void ended(Call call, Reply.End end) {
        synchronized (this) {
            Kept kept = entries.get(call.identity());
            if (kept == null || kept.entry().end().isPresent()) {
                return;
            }
            keepEnd(call.identity(), kept, end);
            forgetOldest();
        }
        sync();
    }

    /** The outbox has the answer that says so. Until that is on flash too, a process that dies lets it be told again, and alike. */
    synchronized void told(Call call, Outcome outcome) {
        Kept kept = entries.get(call.identity());
        if (kept != null && kept.entry().end().equals(Optional.of(new Reply.End(outcome)))) {
            untold.remove(call.identity());
            keep(call.identity(), kept.entry().asTold());
        }
    }

    private static Incoming again(Call call, String fingerprint, JournalEntry seen) {
        if (!seen.fingerprint().equals(fingerprint)) {
            return new Incoming.Settled(
                    call,
                    Outcome.refused(
                            "identity-reused",
                            "Correlation Data " + call.id()
                                    + " (base64url) came before with another topic or payload; take new ones"));
        }
        return seen.end().isPresent()
                ? new Incoming.Settled(call, seen.end().get().outcome())
                : Incoming.Nothing.NOTHING;
    }

    /** In memory, where there is no room. */
    private void keepEnd(String identity, Kept kept, Reply.End end) {
        JournalEntry ended = kept.entry().ended(end);
        if (!keep(identity, ended)) {
            entries.put(identity, new Kept(ended, kept.size()));
        }
    }

    /** Whether there was room. */
    private boolean keep(String identity, JournalEntry entry) {
        byte[] written = entry.write();
        try {
            store.put(COMMAND + identity, written);
        } catch (NoRoom | IllegalArgumentException e) { // too long, or too large, for the store
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot keep the journal of command " + entry.asked().name(),
                    e);
            return false;
        }
        Kept before = entries.put(identity, new Kept(entry, written.length));
        bytes += written.length - (before == null ? 0 : before.size());
        return true;
    }

    /** A device whose flash fails is one to look into: it runs commands all the same, and a power cut may let one run again. */
    private void sync() {
        try {
            store.sync();
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the journal of commands is in memory only: flash cannot be written",
                    e);
        }
    }

    /** By a time that is certainly over: a clock that went wrong and right again lets nothing run twice. */
    private void forgetExpired() {
        long over = time.certainlyOver().getEpochSecond();
        forget(entry -> entry.end().isPresent() && entry.signed().expires() <= over);
    }

    /** What was forgotten before it expired would run again: nothing signed before it is run from now on. */
    private void forgetOldest() {
        long before = forgotten;
        forget(entry -> {
            boolean early = entry.end().isPresent() && (entries.size() > MOST_ENTRIES || bytes > MOST_BYTES);
            forgotten = early ? Math.max(forgotten, entry.signed().issued()) : forgotten;
            return early;
        });
        if (forgotten > before) {
            try {
                keptForgotten.put(forgotten);
            } catch (NoRoom e) {
                LOG.log(System.Logger.Level.WARNING, "cannot keep up to when commands are forgotten", e);
            }
        }
    }

    /** Asks from the oldest to the newest, and forgets at once; never what is still to be told. */
    private void forget(Predicate<JournalEntry> which) {
        for (Iterator<Map.Entry<String, Kept>> all = entries.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Kept> one = all.next();
            if (!untold.contains(one.getKey()) && which.test(one.getValue().entry())) {
                all.remove();
                bytes -= one.getValue().size();
                store.remove(COMMAND + one.getKey());
            }
        }
    }

    private Optional<Kept> read(String key) {
        try {
            return store.get(key).map(written -> new Kept(JournalEntry.read(written), written.length));
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read the journal's " + key, e);
            return Optional.empty();
        }
    }

    private static String fingerprint(Call call) {
        MessageDigest digest = Sha256.digest();
        digest.update(call.message().topic().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(call.message().payload());
        return Sha256.of(digest).hex();
    }
}

package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts.Draft;
import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * What this device makes, apart from what it fetched: kept until its life is over or others need its room, the oldest first. What is kept
 * has at most the bytes that were set; what is being made has as much again at most, and leaves the disk's reserve alone. Thread-safe.
 */
@Component(service = MadeArtifacts.class, configurationPid = "io.gatehouse.artifacts")
public final class MadeArtifacts {
    /** So that a list of them is one message. */
    static final int MOST = 256;

    /** Less is of no use to anybody. */
    private static final long LEAST = 4096;

    /** On a disk that is nearly full what is kept gives way until a draft may have such a part of what both may have. */
    private static final int PART = 4;

    private static final System.Logger LOG = System.getLogger(MadeArtifacts.class.getName());

    private final MadeFolder folder;
    private final long limit;
    private final Kept.Time time;

    // guarded by this
    private final Map<Sha256, Kept> kept = new LinkedHashMap<>(); // oldest first
    private final Set<MadeDraft> drafts = new HashSet<>();
    private @Nullable Thread keeper;
    private boolean closed;

    /** What can be set. */
    @interface Settings {
        /** Bytes of the disk that artifacts leave alone. */
        long reserve() default 4 << 20;

        /** Bytes that all artifacts which this device made may have together; 0: it makes none. */
        long made() default 16 << 20;
    }

    /** One that is kept. */
    record Listed(Sha256 sha256, long size, Instant made, Instant until) {}

    @Activate
    public MadeArtifacts(BundleContext context, Settings settings) {
        this(
                new MadeFolder(
                        ArtifactStore.folder(context).resolve("made"), settings.reserve(), folder -> folder.toFile()
                                .getUsableSpace()),
                settings.made(),
                new Kept.Time(Clock.systemUTC(), System::nanoTime));
    }

    MadeArtifacts(MadeFolder folder, long limit, Kept.Time time) {
        if (limit < 0) {
            throw new IllegalArgumentException("made must not be negative: " + limit);
        }
        this.folder = folder;
        this.limit = limit;
        this.time = time;
        findWhatIsHere();
        watch();
    }

    private synchronized void findWhatIsHere() {
        try {
            for (MadeName name : folder.open()) {
                take(Kept.found(name, Files.size(folder.file(name)), time));
            }
        } catch (IOException e) { // bundles can be fetched none the less
            LOG.log(System.Logger.Level.WARNING, "cannot read what this device made before: " + e, e);
        }
        tidy();
    }

    /** Where two have one digest, a power cut came before the one with the shorter life was deleted. */
    private void take(Kept found) {
        Kept other = kept.get(found.name().sha256());
        if (other != null && other.name().until().isAfter(found.name().until())) {
            forget(found);
            return;
        }
        if (other != null) {
            forget(other);
        }
        kept.put(found.name().sha256(), found);
    }

    @Deactivate
    synchronized void close() {
        closed = true;
        drafts.clear(); // another one removes their files
        notifyAll();
    }

    Instant now() {
        return time.clock().instant();
    }

    long limit() {
        return limit;
    }

    /** Begins a draft: it may have half of what no other draft may have. */
    synchronized Draft draft() throws IOException {
        if (closed) {
            throw new IOException("nothing is made here any more: the bundle was stopped or set up anew");
        }
        tidy();
        folder.make();
        long promised = drafts.stream().mapToLong(MadeDraft::limit).sum();
        long share = (limit - promised) / 2;
        long enough = Math.min(share, (usable() + bytes()) / PART);
        while (!kept.isEmpty() && usable() < enough) {
            forgetOldest();
        }
        long mine = Math.min(share, usable());
        if (mine < LEAST) {
            throw new ArtifactUnavailable(
                    "no-room",
                    "no room to make anything: of " + limit + " bytes (made) " + promised
                            + " are being used, and the disk has " + usable() + " beyond its reserve",
                    null);
        }
        MadeDraft draft = new MadeDraft(this, folder.draft(), mine);
        drafts.add(draft);
        return draft;
    }

    /** What the disk has beyond its reserve and what the drafts did not use yet. */
    private long usable() throws IOException {
        long usable = folder.usable();
        for (MadeDraft draft : drafts) {
            usable -= Math.max(0, draft.limit() - draft.file().toFile().length());
        }
        return usable;
    }

    /**
     * Keeps a draft. The same bytes again live as long as the longer of both lives.
     *
     * @param stamp of the file when it was hashed
     */
    synchronized void keep(MadeDraft draft, MadeName name, Stamp stamp) throws IOException {
        if (!drafts.contains(draft)) {
            throw new IOException(draft.file() + " is not kept: the bundle was stopped or set up anew");
        }
        Kept before = kept.get(name.sha256());
        Duration life = before == null || before.left().compareTo(name.life()) < 0 ? name.life() : before.left();
        MadeName lasting = MadeName.of(name.sha256(), name.made(), life);
        try {
            folder.keep(draft.file(), lasting);
            if (before != null && !before.name().equals(lasting)) {
                folder.delete(before.name());
            }
        } catch (IOException e) {
            throw new ArtifactUnavailable("unwritable", "cannot keep " + name.sha256() + ": " + e, e);
        }
        drafts.remove(draft);
        kept.remove(name.sha256()); // the newest again
        kept.put(name.sha256(), Kept.made(lasting, stamp, time));
        tidy();
        watch();
    }

    /** A draft was given up. */
    synchronized void let(MadeDraft draft) {
        drafts.remove(draft);
    }

    /** All that are kept, the newest first. */
    synchronized List<Listed> list() {
        tidy();
        List<Listed> list = new ArrayList<>();
        kept.forEach((sha256, each) ->
                list.add(0, new Listed(sha256, each.size(), each.name().made(), each.until())));
        return list;
    }

    /** Bytes of all that are kept. */
    synchronized long bytes() {
        return kept.values().stream().mapToLong(Kept::size).sum();
    }

    /**
     * Opens an artifact to be read; nothing where it is not kept. It is hashed when a process first reads it, and where its file was written
     * to since; else a damaged one would be sent again and again, and each time be found out at the other end only.
     *
     * @throws ArtifactUnavailable where it hashes to something else; then it is forgotten
     */
    Optional<RandomAccessFile> open(Sha256 sha256) throws IOException, InterruptedException {
        Kept found;
        Stamp stamp;
        RandomAccessFile file;
        synchronized (this) {
            tidy();
            found = kept.get(sha256);
            if (found == null) {
                return Optional.empty();
            }
            try {
                stamp = Stamp.of(folder.file(found.name()));
            } catch (NoSuchFileException e) { // somebody else deleted it
                forget(found);
                return Optional.empty();
            }
            file = new RandomAccessFile(folder.file(found.name()).toFile(), "r");
            if (found.isWhole(stamp)) {
                return Optional.of(file);
            }
        }
        try {
            verify(found, stamp, Hashing.of(file));
        } catch (IOException | InterruptedException e) {
            file.close();
            throw e;
        }
        return Optional.of(file);
    }

    private synchronized void verify(Kept read, Stamp stamp, Sha256 hashed) throws ArtifactUnavailable {
        Sha256 wanted = read.name().sha256();
        if (hashed.equals(wanted)) {
            read.hashedRight(stamp);
            return;
        }
        if (kept.get(wanted) == read) {
            forget(read);
        }
        throw new ArtifactUnavailable(
                "wrong-digest",
                "what was kept as " + wanted + " hashes to " + hashed
                        + ": it was damaged, or written to after it was kept, and is forgotten now",
                null);
    }

    /** Forgets one; its size, or nothing where it was not kept. */
    synchronized Optional<Long> forget(Sha256 sha256) {
        tidy();
        Optional<Kept> found = Optional.ofNullable(kept.get(sha256));
        found.ifPresent(this::forget);
        return found.map(Kept::size);
    }

    /** Forgets the oldest until the disk has so many bytes beyond its reserve, or all: what others want on the device comes first. */
    synchronized void giveWay(long bytes) throws IOException {
        while (!kept.isEmpty() && folder.usable() < bytes) {
            forgetOldest();
        }
    }

    private void tidy() {
        List.copyOf(kept.values()).stream().filter(Kept::isOver).forEach(this::forget);
        while (!kept.isEmpty() && (bytes() > limit || kept.size() > MOST)) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        forget(kept.values().iterator().next());
    }

    private void forget(Kept one) {
        kept.remove(one.name().sha256(), one);
        try {
            folder.delete(one.name());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot delete " + one.name() + "; it stays until the next start", e);
        }
    }

    /** Lives end also where nobody asks; there is a thread as long as something is kept. */
    private synchronized void watch() {
        if (keeper == null && !kept.isEmpty() && !closed) {
            keeper = new Thread(null, this::endLives, "gatehouse-made", 0, false);
            keeper.setDaemon(true);
            keeper.start();
        }
        notifyAll();
    }

    private synchronized void endLives() {
        try {
            while (!closed && !kept.isEmpty()) {
                Duration next = kept.values().stream()
                        .map(Kept::left)
                        .reduce(Kept.SETTLING, (one, other) -> one.compareTo(other) < 0 ? one : other);
                wait(Math.max(0, next.toMillis()) + 1);
                tidy();
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "interrupted; what is kept ends when somebody asks", e);
        }
        keeper = null;
    }
}

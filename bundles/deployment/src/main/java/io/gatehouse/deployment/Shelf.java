package io.gatehouse.deployment;

import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.Json;
import io.gatehouse.software.Software;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The JAR files that are here, and which licenses their bundles need. Those of features that are left out stay, so that they come when
 * their license does, whoever brought them here having long gone; that, and what their manifests say, outlives the process. Thread-safe.
 */
@Component(service = Shelf.class)
public final class Shelf {
    private static final System.Logger LOG = System.getLogger(Shelf.class.getName());
    private static final String LEFT_OUT = "left-out";

    /** More than a gateway has bundles; what is forgotten is read again. */
    private static final int MOST_KNOWN = 256;

    private final Software software;
    private final Artifacts artifacts;
    private final Store store;
    private final Map<Sha256, Needs> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Sha256, Needs> eldest) {
            return size() > MOST_KNOWN;
        }
    };
    private Optional<Map<Sha256, Manifest>> leftOut = Optional.empty();

    @FunctionalInterface
    private interface Reader<T> {
        T read(Jar jar) throws Refused;
    }

    @Activate
    public Shelf(@Reference Software software, @Reference Artifacts artifacts, @Reference Store store) {
        this.software = software;
        this.artifacts = artifacts;
        this.store = store;
    }

    Artifacts artifacts() {
        return artifacts;
    }

    /** In the image or among the artifacts. */
    Optional<Path> find(Sha256 sha256) {
        return software.jar(sha256.hex()).or(() -> artifacts.find(sha256));
    }

    /** What a bundle needs; nothing where that cannot be read, be it only that its JAR file is not here yet. */
    synchronized Optional<Needs> needs(Sha256 sha256) {
        Manifest kept = leftOut().get(sha256);
        Needs needs = kept == null ? known.get(sha256) : kept.needs();
        if (needs != null) {
            return Optional.of(needs);
        }
        Optional<Needs> read = read(sha256, Needs::of);
        read.ifPresent(found -> known.put(sha256, found));
        return read;
    }

    /** What a bundle says of itself, also where it is left out and its JAR file has gone; nothing where that cannot be read. */
    synchronized Optional<Manifest> manifest(Sha256 sha256) {
        Optional<Manifest> kept = Optional.ofNullable(leftOut().get(sha256));
        return kept.or(() -> read(sha256, Manifest::of));
    }

    private <T> Optional<T> read(Sha256 sha256, Reader<T> reader) {
        Optional<Path> file = find(sha256);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.read(Jar.read(sha256.hex(), file.get())));
        } catch (Refused e) { // whoever prepares a change with it says so
            LOG.log(System.Logger.Level.DEBUG, "cannot read the manifest of " + sha256, e);
            return Optional.empty();
        }
    }

    /** These are left out, and no others. */
    synchronized void keep(Map<Sha256, Manifest> those) {
        if (those.equals(leftOut())) {
            return;
        }
        leftOut().forEach((sha256, manifest) -> known.put(sha256, manifest.needs()));
        leftOut = Optional.of(Map.copyOf(those));
        try {
            if (those.isEmpty()) {
                store.remove(LEFT_OUT);
            } else {
                Map<String, Object> members = new LinkedHashMap<>();
                those.forEach((sha256, manifest) -> members.put(sha256.hex(), manifest.write()));
                store.put(LEFT_OUT, Json.write(members));
            }
            store.sync();
        } catch (NoRoom e) {
            LOG.log(System.Logger.Level.WARNING, "cannot keep what is left out for the next process", e);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "what is left out is not on flash yet", e);
        }
    }

    /** These are left out too: until a change is committed, those before it are as well. */
    synchronized void keepAlso(Map<Sha256, Manifest> those) {
        Map<Sha256, Manifest> all = new HashMap<>(leftOut());
        all.putAll(those);
        keep(all);
    }

    /** Forgets all artifacts but these and, where there is room, those of features that are left out. */
    synchronized void retain(Set<Sha256> needed, boolean hasRoom) throws IOException {
        Set<Sha256> all = new HashSet<>(needed);
        if (hasRoom) {
            all.addAll(leftOut().keySet());
        }
        artifacts.retain(all);
    }

    /** Read when somebody asks, which is not while the gateway starts: the store is opened meanwhile. */
    private Map<Sha256, Manifest> leftOut() {
        Map<Sha256, Manifest> those = leftOut.orElseGet(this::read);
        leftOut = Optional.of(those);
        return those;
    }

    private Map<Sha256, Manifest> read() {
        Map<Sha256, Manifest> read = new HashMap<>();
        try {
            Optional<byte[]> value = store.get(LEFT_OUT);
            if (value.isPresent()) {
                Members members = Json.read(value.get());
                for (String sha256 : members.values().keySet()) {
                    read.put(new Sha256(sha256), Manifest.read(members.object(sha256)));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read what was left out: it is fetched again", e);
        }
        return Map.copyOf(read);
    }
}

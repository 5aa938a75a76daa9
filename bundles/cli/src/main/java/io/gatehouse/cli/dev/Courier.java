package io.gatehouse.cli.dev;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.ArtifactServer;
import io.gatehouse.cli.fleet.BundleJar;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Feature;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings one version after another to one device, by the same connection, under the name that {@code install} gives it too. Messages may be
 * offered by any thread; else used by one.
 */
public final class Courier implements AutoCloseable {
    private final Fleet fleet;
    private final Signer signer;
    private final String device;
    private final Consumer<String> note;
    private final List<Message> kept;
    private volatile @Nullable ArtifactServer server;
    private Optional<String> shipped = Optional.empty();

    /** Topic filters that this needs. */
    public static List<String> filters(String device) {
        return List.of(device + "/status", device + "/+/+", device + "/desired/feature/+");
    }

    /**
     * Makes sure that the device is there.
     *
     * @param note is told in words of a file that cannot be read, from another thread
     * @throws Trouble if it is not
     */
    public Courier(Fleet fleet, Signer signer, String device, Consumer<String> note)
            throws Trouble, InterruptedException {
        this.fleet = fleet;
        this.signer = signer;
        this.device = device;
        this.note = note;
        this.kept = new ArrayList<>(new Roster().gather(fleet, new Scope(device)));
    }

    /** Takes what asks for the version that is on its way. */
    public boolean serves(Message message) {
        ArtifactServer now = server;
        return now != null && now.take(message);
    }

    /** Publishes that the device shall have this. */
    public Shipment ship(Build.Made made) throws Trouble, InterruptedException {
        BundleJar jar = made.bundle();
        close();
        server = new ArtifactServer(Map.of(jar.sha256(), jar.file()), fleet, note);
        Wish wish = wish(jar, made.edition());
        publish(wish);
        shipped = wish.name();
        return new Shipment(device, wish, jar.symbolicName(), made.edition());
    }

    private Wish wish(BundleJar jar, Edition edition) throws Trouble {
        String[] id = jar.id().split(":", -1);
        String versioned = id[0] + ":" + id[1] + ":" + edition.version();
        Artifact artifact = new Artifact(jar.sha256(), jar.size(), Optional.empty());
        Feature feature = new Feature(versioned, List.of(new Feature.Bundle(versioned, artifact)), Map.of());
        return Wish.feature(
                new Scope(device), jar.artifactId(), new Envelope(Optional.of(feature.write()), Rollout.ALL));
    }

    private void publish(Wish wish) throws Trouble, InterruptedException {
        Message signed = signer.signAfter(kept, wish.message());
        kept.removeIf(message -> message.topic().equals(signed.topic()));
        kept.add(signed);
        fleet.publish(signed);
    }

    /** The name under which something was brought there. */
    public Optional<String> shipped() {
        return shipped;
    }

    /**
     * Publishes that the device shall have nothing under that name any more.
     *
     * @return what to await
     */
    public Wish takeAway(String name) throws Trouble, InterruptedException {
        Wish removal = Wish.feature(new Scope(device), name, Envelope.REMOVED);
        publish(removal);
        return removal;
    }

    @Override
    public void close() {
        ArtifactServer now = server;
        if (now != null) {
            now.close();
        }
    }
}

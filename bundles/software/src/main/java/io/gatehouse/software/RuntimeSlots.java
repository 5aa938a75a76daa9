package io.gatehouse.software;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The runtime of this process, and the one way to another: unpacked beside it, started on probation by the supervising script,
 * kept when it proved itself there, else left. Registered by the launcher before the first bundle starts.
 */
@ProviderType
public interface RuntimeSlots {
    /** What runs; wanted by nobody where it is the image's and nobody ever asked for that. */
    RuntimeSlot running();

    /** Whether what runs has yet to prove itself. */
    boolean isOnProbation();

    /** Waits until what runs has started, and is on probation no longer. Where it does not prove itself, the process ends meanwhile. */
    void awaitProven() throws InterruptedException;

    /** How well what runs is now: all of its parts are looked at, and all proofs are asked. */
    Health health() throws InterruptedException;

    /** What was left last, because it did not prove itself, until {@link #settle} or another start. */
    Optional<Left> left();

    /** What runs is what is wanted: forgets what was left, and deletes all slots but its own. */
    void settle() throws IOException;

    /**
     * A runtime that did not prove itself.
     *
     * @param why in words for an operator
     */
    record Left(RuntimeSlot slot, String why) {}

    /**
     * Unpacks an archive, a zip of {@code bin lib bundles conf} and, where it brings a Java of its own, {@code java}. When this
     * returns, all of it is on flash. Slots that nothing needs make room for it.
     *
     * @param sha256 of the archive, which was checked
     * @throws SlotRefused where it is no runtime, could do harm, or does not fit
     * @throws IllegalStateException before {@link #awaitProven} returned
     */
    void install(Path archive, String sha256) throws SlotRefused, IOException;

    /**
     * Ends this process for one that starts this runtime on probation. It must be installed, or the image's own.
     *
     * @return what must pass before; empty where this process is about to end
     * @throws SlotRefused where nothing would start it
     */
    List<Complaint> start(RuntimeSlot next) throws SlotRefused, IOException, InterruptedException;

    /**
     * Has the next process of the gateway be a factory reset: one of the image's own runtime and software, where nothing is left of what came over the
     * air, of what was wanted, and of what bundles that are not the image's keep. That is on flash when this returns, whatever ends this process;
     * until then no change begins.
     *
     * @param command by which it is asked for, for {@link #lastReset}
     * @param identity whether the device stays who it is, and what the image's bundles keep stays; otherwise it is as new
     * @return what must pass before; empty where it is asked for
     * @throws IOException where that cannot be written; then all stays as it is
     */
    List<Complaint> askForReset(String command, boolean identity) throws IOException;

    /**
     * Ends this process for the one that {@link #askForReset} is about.
     *
     * @throws IOException where it does not end; its next start is the reset all the same
     */
    void leaveForReset() throws IOException;

    /** The last factory reset that was carried out and left the device who it is. */
    Optional<Reset> lastReset();

    /**
     * A factory reset that was carried out.
     *
     * @param command by which it was asked for
     * @param left what could not be deleted, and why, in words for an operator; empty where it is whole, some of it where that is much
     */
    record Reset(String command, List<String> left) {
        public Reset {
            left = List.copyOf(left);
        }
    }
}

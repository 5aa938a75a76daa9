package io.gatehouse.api.firmware;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Writes this machine's firmware by the means that the system below has for that, such as RAUC. Registered as a service with the property
 * {@code gatehouse.engine}, its name. What is to be installed, when, and whether it proved itself is decided by whoever calls this; called by one
 * thread at a time. An {@link IOException} is for what may go better later, as where a daemon does not answer; {@link FirmwareRefused} for what
 * no other attempt with the same image will change.
 */
@ConsumerType
public interface FirmwareInstaller {
    /** What runs now. */
    RunningSystem running() throws IOException, InterruptedException;

    /**
     * Whether the machine goes back by itself to what ran before where the new system does not start, or is left by {@link #markBad}. One that
     * has a single slot does not, and is asked to install only where the fleet accepts that.
     */
    boolean canFallBack();

    /**
     * The folder where the image must lie to be installed, for example one in memory where flash is about to be written anew.
     *
     * @return empty where it may lie anywhere
     */
    default Optional<Path> folder() {
        return Optional.empty();
    }

    /**
     * Files or block devices with what runs, in the form in which an image has it: what the next image has in common with them is not fetched. They are
     * only read.
     *
     * @return empty where there are none
     */
    default List<Path> seeds() throws IOException, InterruptedException {
        return List.of();
    }

    /** Checks all that can be checked without writing: that the image is whole, by whom it is signed, and for which machine it is. */
    void check(Path image) throws FirmwareRefused, IOException, InterruptedException;

    /**
     * Writes an image that was checked to the slot that does not run. What runs, and what is started next, stays as it is at every moment of it.
     * When this returns, all is on flash. After a power cut, an interrupt or a failure it is begun anew by another call.
     *
     * @throws InterruptedException where it is no longer wanted; nothing is being written any more
     */
    void install(Path image, Progress progress) throws FirmwareRefused, IOException, InterruptedException;

    /**
     * Has the boot loader start what was installed, next and on trial: more than once where a start is cut short, and what runs now after that. May be
     * called again. The caller restarts the machine then; an engine that can only do both at once does not return, or within a minute sees the
     * machine go down.
     */
    void activate(Path image) throws FirmwareRefused, IOException, InterruptedException;

    /**
     * Keeps what runs: it is no longer on trial, and is what is started next, whatever else was installed or activated meanwhile. It is called at least once
     * in each process of the gateway, so that it writes nothing where that is so already and can be seen to be, and little otherwise.
     */
    void markGood() throws IOException, InterruptedException;

    /** Gives up what runs: what ran before is started next. The caller restarts the machine then. */
    void markBad() throws IOException, InterruptedException;

    /** Is told how far an installation is. */
    @FunctionalInterface
    interface Progress {
        /**
         * It goes on.
         *
         * @param ratio 0 to 1
         */
        void installed(double ratio);
    }
}

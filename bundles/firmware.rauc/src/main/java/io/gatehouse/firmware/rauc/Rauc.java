package io.gatehouse.firmware.rauc;

import io.gatehouse.api.firmware.FirmwareInstaller.Progress;
import io.gatehouse.api.firmware.FirmwareRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** RAUC, by one of the ways to it. Opened for a call and closed after it. */
interface Rauc extends AutoCloseable {
    /** What RAUC says of this machine. */
    Status status() throws IOException, InterruptedException;

    /** The slot that the boot loader starts next, by its name; empty where RAUC cannot tell. */
    Optional<String> primary() throws IOException, InterruptedException;

    /**
     * Verifies an image's signature.
     *
     * @return for which machines it is
     */
    String compatibleOf(Path image) throws FirmwareRefused, IOException, InterruptedException;

    /** As {@link RaucInstaller#install}. */
    void install(Path image, Progress progress) throws FirmwareRefused, IOException, InterruptedException;

    /**
     * Tells the boot loader something of a slot.
     *
     * @param state {@code good}, {@code bad} or {@code active}
     * @param slot its name, or {@code booted}
     */
    void mark(String state, String slot) throws IOException, InterruptedException;

    @Override
    void close();
}

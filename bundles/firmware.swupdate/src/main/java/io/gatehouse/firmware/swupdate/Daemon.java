package io.gatehouse.firmware.swupdate;

import io.gatehouse.program.Program;
import java.io.IOException;
import java.time.Duration;

/**
 * The {@code swupdate} that writes, as far as its client can tell.
 *
 * @param client without an image
 */
record Daemon(Program client) {
    /** What the client says where nobody takes an image. */
    private static final String NOBODY = "swupdate_async_start returns";

    private static final Duration PAUSE = Duration.ofMillis(200);

    /** Whether a client said that no daemon takes its image: none runs, or it installs another. */
    static boolean isBusy(String said) {
        return said.contains(NOBODY);
    }

    /**
     * After an interrupt: waits until it writes no more. As long as it does it takes nothing else, not even what is no image. Another interrupt makes
     * that no shorter.
     *
     * @throws IOException where that takes longer; the interrupt is one again then
     */
    void awaitIdle(Duration longest) throws IOException {
        long end = System.nanoTime() + longest.toNanos();
        while (!isIdle()) {
            if (System.nanoTime() - end > 0) {
                Thread.currentThread().interrupt();
                throw new IOException("swupdate still installs what is no longer wanted, " + longest.toSeconds()
                        + " s after its client was ended");
            }
        }
    }

    private boolean isIdle() throws IOException {
        try {
            if (!isBusy(client.with("-d", "/dev/null").run().output().text())) {
                return true;
            }
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            // the one before is told of at the end
        }
        return false;
    }
}

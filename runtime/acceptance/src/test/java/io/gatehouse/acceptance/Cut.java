package io.gatehouse.acceptance;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A moment of an update at which the power is cut, told by what can be seen of the machine.
 *
 * @param share where in that part of the update, from 0 to 1
 */
record Cut(Interruption interruption, double share) {
    // How long, at least, nothing can be seen of the machine from outside: of its kernel, of the start of its gateway,
    // and of its proof.
    private static final double KERNEL_SECONDS = 5;
    private static final double START_SECONDS = 12;
    private static final double PROOF_SECONDS = 7;

    /** So many of a part, from its beginning to its end. */
    static List<Cut> spread(Interruption part, int cuts) {
        return IntStream.range(0, cuts)
                .mapToObj(cut -> new Cut(part, (double) cut / (cuts - 1)))
                .toList();
    }

    /** Waits for it. */
    void await(Update update) throws IOException {
        switch (interruption) {
            case FETCHING -> update.awaitFetched(share * 0.9);
            case INSTALLING -> update.awaitWritten(share);
            case RESTARTING -> awaitRestarting(update);
            case IN_GRUB -> {
                update.awaitSaid("is on trial, 2 more after this");
                update.passes(share);
            }
            case IN_KERNEL -> {
                update.awaitSaid("is on trial, 2 more after this");
                update.passes(1 + share * (KERNEL_SECONDS - 1));
            }
            case IN_SYSTEM -> {
                update.awaitSaid("is on trial, 2 more after this");
                update.awaitSaid(Router.SYSTEM_STARTS);
                update.passes(share * START_SECONDS);
            }
            case ON_TRIAL -> {
                update.awaitStep("prove");
                update.passes(share * PROOF_SECONDS);
            }
            case KEPT -> update.awaitApplied();
            default -> throw new IllegalStateException("no power cut: " + interruption);
        }
    }

    private void awaitRestarting(Update update) {
        update.awaitStep("restart");
        if (share > 0) {
            update.awaitActivated();
        }
        if (share == 1) {
            update.awaitSaid("The system is going down");
        }
    }
}

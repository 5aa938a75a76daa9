package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

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

    /** The machine was still in that part when it was cut. */
    void assertInTime(Update update) throws IOException {
        switch (interruption) {
            case IN_GRUB, IN_KERNEL -> update.assertNotStarted();
            case IN_SYSTEM -> update.assertSilent();
            case KEPT -> update.assertIsKept();
            default -> assertTrue(update.goesOn(), update::story);
        }
    }

    /** The boot loader went on as the page says. */
    void assertStarted(Update update) {
        if (isActivated()) {
            update.assertStarted(List.of(update.slot()));
        } else if (interruption != Interruption.RESTARTING) {
            update.assertStarted(List.of(BootSector.other(update.slot())));
        }
    }

    /** From its being switched on, with that mark, to its end it did what the page says. */
    void assertEnded(Update update, int mark) {
        if (interruption == Interruption.RESTARTING && share == 0) {
            // Told just before the boot loader is: what it knew by then is not known here.
            update.assertStep("prove", mark);
        } else if (isActivated()) {
            update.assertStarted(List.of(update.slot()));
        } else {
            update.assertStarted(List.of(BootSector.other(update.slot()), update.slot()));
            update.assertStep("install", mark);
            if (interruption == Interruption.FETCHING && share > 0) {
                update.assertFetchedOn(mark);
            }
        }
    }

    /** Whether the boot loader had been told by then to try it. */
    private boolean isActivated() {
        return switch (interruption) {
            case FETCHING, INSTALLING -> false;
            case RESTARTING -> share > 0;
            default -> true;
        };
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

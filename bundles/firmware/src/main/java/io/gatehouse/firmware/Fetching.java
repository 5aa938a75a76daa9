package io.gatehouse.firmware;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts;
import java.nio.file.Path;
import java.time.Duration;

/** Fetches images, while nobody minds. Used by one thread. */
final class Fetching {
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final Images images;
    private final Waiting waiting;
    private final FirmwareReports reports;
    private final Site site;

    Fetching(Images images, Waiting waiting, FirmwareReports reports, Site site) {
        this.images = images;
        this.waiting = waiting;
        this.reports = reports;
        this.site = site;
    }

    /**
     * Waits until it may, and fetches it. Where somebody minds in the middle of it, as when the link changed to one that costs, what is there of it is kept
     * until it may go on.
     */
    Path fetch(Wanted wanted, Engine engine, Worker worker) throws ArtifactUnavailable, InterruptedException {
        while (true) {
            begin(wanted, engine);
            Look look = new Look(wanted, Thread.currentThread());
            try {
                Path image = images.fetch(engine, wanted.firmware(), look);
                look.end(worker);
                return image;
            } catch (InterruptedException e) {
                if (!look.isMinded) {
                    throw e;
                }
                look.end(worker);
            }
        }
    }

    private void begin(Wanted wanted, Engine engine) throws InterruptedException {
        if (images.find(engine, wanted.firmware().image().sha256()).isPresent()) {
            waiting.untilItMay(wanted);
        } else {
            waiting.untilItsTurn(wanted);
        }
        reports.applying(wanted.desired(), "fetch", 0);
    }

    /** Tells how far it is, and looks each minute whether somebody minds now: then it interrupts the thread that fetches. */
    private final class Look implements Artifacts.Progress {
        private final Wanted wanted;
        private final Thread fetching;
        private final Artifacts.Progress told;
        private long looked = site.nanos().getAsLong();
        private volatile boolean isMinded;

        Look(Wanted wanted, Thread fetching) {
            this.wanted = wanted;
            this.fetching = fetching;
            this.told = reports.fetching(wanted.desired());
        }

        @Override
        public void reused(long bytes) {
            told.reused(bytes);
        }

        @Override
        public void fetched(long bytes, long size) {
            told.fetched(bytes, size);
            long now = site.nanos().getAsLong();
            if (now - looked >= LOOK.toNanos()) {
                looked = now;
                if (!isMinded && waiting.hindrance(wanted).isPresent()) {
                    isMinded = true;
                    fetching.interrupt();
                }
            }
        }

        /**
         * Takes its own interrupt back, and none of somebody who wants something newer: of the two there may have been one interrupt, and who was interrupted
         * does not see which.
         */
        void end(Worker worker) throws InterruptedException {
            if (isMinded) {
                Thread.interrupted();
                worker.allowInterrupts();
            }
        }
    }
}

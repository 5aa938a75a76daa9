package io.gatehouse.store;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Finds what is on flash. */
final class Recovery {
    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

    private final Segments segments;
    private final Index index;
    private boolean namesLearned;

    Recovery(Segments segments, Index index) {
        this.segments = segments;
        this.index = index;
    }

    /** Takes over every change that can be read, from the oldest to the newest. Whatever is there, this ends well. */
    void run() {
        for (Segment segment : segments.find()) {
            try {
                read(segment, segments.bytes(segment));
            } catch (IOException e) {
                segments.ignore(segment);
                LOG.log(
                        System.Logger.Level.ERROR,
                        "cannot read " + segment + ": goes on without it until the next start",
                        e);
            }
        }
    }

    private void read(Segment segment, byte[] bytes) {
        Reading reading = new Reading(segment, bytes, index, this::learnNames);
        for (Optional<Frame> frame = reading.next(); frame.isPresent(); frame = reading.next()) {
            index.apply(frame.get(), reading.place());
        }
        if (reading.unreadable() > 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "passes over " + reading.unreadable() + " of " + bytes.length + " bytes of " + segment
                            + ": a write that was cut short, or damage");
        }
    }

    private void learnNames() {
        for (Segment segment : namesLearned ? List.<Segment>of() : segments.all()) {
            try {
                Scan scan = new Scan(segments.bytes(segment), segment.salt());
                for (Optional<Frame> frame = scan.next(); frame.isPresent(); frame = scan.next()) {
                    frame.filter(found -> found.kind() == Frame.Kind.NAME)
                            .ifPresent(name ->
                                    index.number(name.text(), name.item().table()));
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "said where the rest of it is read: " + segment, e);
            }
        }
        namesLearned = true;
    }
}

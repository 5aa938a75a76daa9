package io.gatehouse.launcher;

import io.gatehouse.software.Document;
import io.gatehouse.software.Verdict;
import java.util.Optional;

/**
 * A document that was proven, or that was never changed.
 *
 * @param change number of the change that brought it; later changes have greater numbers, and 0 is the image's own
 * @param verdict how that change ended; in one file with the document, so that both become true at one instant
 */
record Committed(long change, Document document, Optional<Verdict> verdict) {
    static final Committed FACTORY = new Committed(0, Document.FACTORY, Optional.empty());

    /** Whether anything lies over the image's software. */
    boolean isMoreThanImage() {
        return !document.parts().isEmpty() || !document.configurations().isEmpty();
    }
}

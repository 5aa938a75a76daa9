package io.gatehouse.outbox;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The newest report at each topic; there are as many as the device has resources. Guarded by the lock of {@link Queue}.
 */
final class Reports {
    private final Map<String, Letter> newest = new HashMap<>();

    /** Takes note of a report; of any older one at its topic it says which. */
    Optional<Letter> put(Letter report) {
        return Optional.ofNullable(newest.put(report.message().topic(), report));
    }

    /** Sent again it would hide the newer report, which may have arrived already. */
    boolean isOutdated(Letter letter) {
        Letter last = letter.isReport() ? newest.get(letter.message().topic()) : letter;
        return last != null && last != letter && (last.number() == 0 || last.number() != letter.number());
    }
}

package io.gatehouse.firmware;

import io.gatehouse.api.command.Members;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All that outlives a process.
 *
 * @param attempt what is under way
 * @param applied what was kept last
 * @param givenUp what is not tried again, where that was the last wish
 */
record Remembered(Optional<Attempt> attempt, Optional<Applied> applied, Optional<GivenUp> givenUp, boolean isPaused) {
    static final Remembered NOTHING = new Remembered(Optional.empty(), Optional.empty(), Optional.empty(), false);

    Remembered with(Attempt now) {
        return new Remembered(Optional.of(now), applied, givenUp, isPaused);
    }

    Remembered withoutAttempt() {
        return new Remembered(Optional.empty(), applied, givenUp, isPaused);
    }

    /** It is kept; nothing is under way. */
    Remembered with(Applied now) {
        return new Remembered(Optional.empty(), Optional.of(now), Optional.empty(), isPaused);
    }

    /** It is given up; nothing is under way. */
    Remembered with(GivenUp now) {
        return new Remembered(Optional.empty(), applied, Optional.of(now), isPaused);
    }

    /** It is given up; what may have been installed of it is still to be taken back. */
    Remembered givingUp(GivenUp now) {
        return new Remembered(attempt, applied, Optional.of(now), isPaused);
    }

    Remembered withoutGivenUp() {
        return new Remembered(attempt, applied, Optional.empty(), isPaused);
    }

    /** Whether a wish with this digest is given up. */
    boolean isGivenUp(String digest) {
        return givenUp.filter(wish -> wish.digest().equals(digest)).isPresent();
    }

    Remembered paused(boolean now) {
        return new Remembered(attempt, applied, givenUp, now);
    }

    static Remembered read(Members members) {
        return new Remembered(
                members.optionalObject("attempt").map(Attempt::read),
                members.optionalObject("applied").map(Applied::read),
                members.optionalObject("givenUp").map(GivenUp::read),
                members.bool("paused", false));
    }

    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        attempt.ifPresent(one -> members.put("attempt", one.write()));
        applied.ifPresent(one -> members.put("applied", one.write()));
        givenUp.ifPresent(one -> members.put("givenUp", one.write()));
        members.put("paused", isPaused);
        return members;
    }
}

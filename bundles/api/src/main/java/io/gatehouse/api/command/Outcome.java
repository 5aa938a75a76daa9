package io.gatehouse.api.command;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a command ended. */
public sealed interface Outcome permits Outcome.Done, Outcome.Refused, Outcome.Failed {
    /**
     * It was done.
     *
     * @param result JSON values by name, as in {@link io.gatehouse.api.telemetry.Reading}
     */
    record Done(Map<String, ?> result) implements Outcome {
        public Done {
            result = Collections.unmodifiableMap(new LinkedHashMap<>(result)); // in the order that the handler gave
        }
    }

    /** Nothing was done. */
    record Refused(Problem problem) implements Outcome {}

    /** It was tried, and the problem says what is left of it. */
    record Failed(Problem problem) implements Outcome {}

    static Outcome done(Map<String, ?> result) {
        return new Done(result);
    }

    static Outcome refused(String type, String detail) {
        return new Refused(new Problem(type, detail));
    }

    static Outcome failed(String type, String detail) {
        return new Failed(new Problem(type, detail));
    }

    /** The end of a command that ran when the gateway's process ended, and of which nobody can say how far it came. */
    static Outcome interrupted() {
        return failed(
                "interrupted",
                "the gateway's process ended while the command ran; how far it came is not known, and it is not run again");
    }
}

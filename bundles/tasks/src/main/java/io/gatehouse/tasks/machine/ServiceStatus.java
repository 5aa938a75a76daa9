package io.gatehouse.tasks.machine;

import io.gatehouse.tasks.time.Instants;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a service is.
 *
 * @param enabled whether it is started with the machine; nothing where that cannot be said
 * @param since when it came to be so
 * @param detail in the words of whoever runs it
 */
record ServiceStatus(
        State state, Optional<Boolean> enabled, Optional<Long> pid, Optional<Instant> since, Optional<String> detail) {
    enum State {
        RUNNING("running"),
        STOPPED("stopped"),
        FAILED("failed");

        private final String word;

        State(String word) {
            this.word = word;
        }
    }

    Map<String, Object> told(String name) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("name", name);
        told.put("state", state.word);
        enabled.ifPresent(value -> told.put("enabled", value));
        pid.ifPresent(value -> told.put("pid", value));
        since.ifPresent(value -> told.put("since", Instants.text(value)));
        detail.ifPresent(value -> told.put("detail", value));
        return told;
    }
}

package io.gatehouse.software;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a change ended.
 *
 * @param state what came of it
 * @param desired what the change was made from, as in {@link Document#desired}
 * @param type why not, in lower-case words with hyphens, for example {@code start-failed}; empty where applied
 * @param detail why not, with bundle and cause; empty where applied
 * @param restarted symbolic names of bundles that were stopped and started again although they did not change
 * @param took from its beginning to here
 */
public record Verdict(
        State state, Map<String, String> desired, String type, String detail, List<String> restarted, Duration took) {
    public Verdict {
        desired = Map.copyOf(desired);
        restarted = List.copyOf(restarted);
    }

    /** What came of a change. */
    public enum State {
        /** It is proven and committed. */
        APPLIED,
        /** The software before it runs again, whole. */
        ROLLED_BACK,
        /** Neither: the process restarts from the committed document. */
        RESTARTING
    }
}

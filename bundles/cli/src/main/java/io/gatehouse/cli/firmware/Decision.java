package io.gatehouse.cli.firmware;

/** What is to be done about a rollout. */
sealed interface Decision {
    /** Nothing yet. */
    record Wait(String what) implements Decision {}

    /** More devices are to take part. */
    record Widen(int percent) implements Decision {}

    /** Nobody else is to begin. */
    record Stop(String why) implements Decision {}

    /** The last step is through. */
    record Through() implements Decision {}
}

package io.gatehouse.telemetry;

/** What threads used so far. */
@FunctionalInterface
interface Meter {
    /** Where nothing can be measured. */
    Meter NONE = thread -> Usage.NONE;

    /** What a living thread used since it started. */
    Usage of(long thread);

    /**
     * An amount of processor and memory.
     *
     * @param cpu in nanoseconds
     * @param allocated in bytes, also what was given back since
     */
    record Usage(long cpu, long allocated) {
        static final Usage NONE = new Usage(0, 0);

        Usage plus(Usage other) {
            return new Usage(cpu + other.cpu, allocated + other.allocated);
        }

        /** What was used from then to now; nothing where the thread ended, or was not measured then. */
        Usage since(Usage then) {
            return new Usage(Math.max(0, cpu - then.cpu), Math.max(0, allocated - then.allocated));
        }
    }
}

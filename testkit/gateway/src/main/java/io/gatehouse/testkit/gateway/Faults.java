package io.gatehouse.testkit.gateway;

/**
 * What goes wrong in the field, done to the gateway. Each method returns when the fault is over and the gateway is online again,
 * which takes up to a minute where it was cut off several times within seconds, as on a device. A full or broken flash is not
 * among them, as it needs root and a file system of its own.
 */
public final class Faults {
    private final Running running;

    /** What happens while a fault lasts. */
    @FunctionalInterface
    public interface Meanwhile {
        /** Runs in the thread that injected the fault; what it throws ends the fault too. */
        void run() throws Exception;
    }

    Faults(Running running) {
        this.running = running;
    }

    /**
     * The broker stops, and is started again with what it had: sessions, retained messages and those that wait. Nothing is recorded meanwhile.
     *
     * @throws Exception what {@code meanwhile} threw
     */
    public void brokerGone(Meanwhile meanwhile) throws Exception {
        running.brokerGone(meanwhile);
    }

    /**
     * The gateway's connection is reset, and what it sends on a new one arrives nowhere; the broker and everybody else go on.
     *
     * @throws Exception what {@code meanwhile} threw
     */
    public void linkCut(Meanwhile meanwhile) throws Exception {
        running.linkCut(meanwhile);
    }

    /**
     * The gateway's processes are killed by signal 9, and it starts from what it had on flash. What it wrote and did not sync is there all the same, which a
     * true power cut does not promise.
     */
    public void powerCut() throws InterruptedException {
        running.powerCut();
    }
}

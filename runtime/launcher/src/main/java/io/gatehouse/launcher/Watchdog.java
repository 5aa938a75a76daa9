package io.gatehouse.launcher;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * Tells systemd twice in each period that this gateway goes on: that the framework gives its global lock, and that the launcher's own
 * thread is where it should be. What does not answer is waited for. Meanwhile nothing is said, so that systemd ends the process.
 */
final class Watchdog {
    private static final System.Logger LOG = System.getLogger(Watchdog.class.getName());
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

    private final Framework framework;
    private final FrameworkWiring wiring;
    private final Worker worker;
    private final Duration half;

    private Watchdog(Framework framework, Worker worker, Duration period) {
        this.framework = framework;
        this.wiring = framework.adapt(FrameworkWiring.class);
        this.worker = worker;
        this.half = period.dividedBy(2);
    }

    /** Begins, on a thread that ends with the framework. */
    static void start(Framework framework, Worker worker, Duration period) {
        Thread thread = new Thread(new Watchdog(framework, worker, period)::tell, "gatehouse-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    private void tell() {
        try {
            while (isUp()) {
                // of nothing: it takes and gives back the lock under which all is resolved, and does no more
                wiring.resolveBundles(List.of());
                awaitLauncher();
                say();
                sleep(half);
            }
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.WARNING, "systemd is told no more that this gateway goes on", e);
        }
    }

    private boolean isUp() {
        return framework.getState() == Bundle.STARTING || framework.getState() == Bundle.ACTIVE;
    }

    private void awaitLauncher() throws InterruptedException {
        while (!worker.isInTime(half)) {
            sleep(half.compareTo(LONGEST_LOOK) < 0 ? half : LONGEST_LOOK);
        }
    }

    /** By a program, since Java has no datagrams on Unix sockets. It ends when systemd has read what it said, and in 5 s at most. */
    private static void say() throws InterruptedException {
        try {
            int code = new ProcessBuilder("systemd-notify", "WATCHDOG=1")
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                LOG.log(System.Logger.Level.WARNING, "systemd-notify WATCHDOG=1 ended with " + code);
            }
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "systemd cannot be told that this gateway goes on, and will end it: install systemd-notify, or set no WatchdogSec",
                    e);
        }
    }

    private static void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }
}

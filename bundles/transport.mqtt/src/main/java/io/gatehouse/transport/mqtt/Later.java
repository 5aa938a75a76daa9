package io.gatehouse.transport.mqtt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;

/** Does things after a pause, in a thread that there is only while something is to be done. */
final class Later {
    private static final Logger LOG = System.getLogger(Later.class.getName());

    private final ScheduledThreadPoolExecutor timer;

    Later(ThreadGroup group) {
        timer = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread thread = new Thread(group, task, "mqtt timer");
                    thread.setDaemon(true);
                    return thread;
                },
                new DiscardPolicy());
        timer.setKeepAliveTime(1, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
    }

    void after(Duration pause, Runnable task) {
        var unused = timer.schedule(() -> guarded(task), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Nothing more is done. */
    void end() {
        timer.shutdownNow();
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // Somebody else's code, behind Endpoint and Outgoing; a timer would swallow it.
            LOG.log(Level.ERROR, "what was put off failed", e);
        }
    }
}

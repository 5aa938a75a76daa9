package io.gatehouse.acceptance;

import java.util.concurrent.atomic.AtomicBoolean;

/** HiveMQ's own main class for a process that has HiveMQ's jars: without an extension that lets somebody in it lets nobody in. */
final class OpenHiveMq {
    private OpenHiveMq() {}

    public static void main(String[] arguments) throws Exception {
        Object denies = Class.forName("com.hivemq.configuration.service.InternalConfigurations")
                .getField("AUTH_DENY_UNAUTHENTICATED_CONNECTIONS")
                .get(null);
        ((AtomicBoolean) denies).set(false);
        Class.forName("com.hivemq.HiveMQServer")
                .getMethod("main", String[].class)
                .invoke(null, (Object) arguments);
    }
}

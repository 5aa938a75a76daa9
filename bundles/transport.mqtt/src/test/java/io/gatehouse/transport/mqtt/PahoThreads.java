package io.gatehouse.transport.mqtt;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The threads of connections that began since this was made: each test answers for its own, and not for what another left. */
final class PahoThreads {
    private final Set<Thread> before = running().collect(Collectors.toSet());

    private static Stream<Thread> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getThreadGroup() != null
                        && thread.getThreadGroup().getName().equals("mqtt"));
    }

    /** The names of those that still run. */
    List<String> names() {
        return running()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .toList();
    }
}

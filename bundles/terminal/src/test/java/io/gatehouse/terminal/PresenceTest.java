package io.gatehouse.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Inhibitor;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

final class PresenceTest {
    @TempDir
    Path folder;

    private final List<String> registered = new ArrayList<>();

    /** A framework that keeps what is registered. */
    private BundleContext context() {
        return proxy(BundleContext.class, (name, arguments) -> {
            assertEquals("registerService", name);
            String words = ((Inhibitor) arguments[1]).reason().orElseThrow() + " "
                    + ((Dictionary<?, ?>) arguments[2]).get("gatehouse.inhibits");
            registered.add(words);
            return proxy(ServiceRegistration.class, (call, none) -> {
                assertEquals("unregister", call);
                return registered.remove(words);
            });
        });
    }

    private interface Call {
        Object of(String name, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, all) -> {
            Object answer = call.of(method.getName(), all);
            return method.getReturnType() == void.class ? null : answer;
        }));
    }

    @Test
    void isToldOnceWhileAnyTerminalIsOpen() {
        Presence presence = Presence.of(context());

        presence.of(1);
        presence.of(2);
        assertEquals(List.of("a terminal is open firmware"), registered);

        presence.of(1);
        assertEquals(List.of("a terminal is open firmware"), registered);

        presence.of(0);
        presence.of(0);
        assertEquals(List.of(), registered);
    }

    @Test
    void beginsAndEndsWithTheTerminal() throws Exception {
        Needs.programs("ssh-keygen");
        Place place = new Place(folder, Place.settings(Place.LIMITS), Presence.of(context()));
        try (place) {
            String key = Place.line(place.key("operator"));
            Outcome opened = place.open.handle(Asked.with(Map.of("key", key)));
            assertEquals(List.of("a terminal is open firmware"), registered);

            String id = String.valueOf(((Outcome.Done) opened).result().get("id"));
            place.terminals.close(id);

            assertEquals(Optional.empty(), registered.stream().findAny());
        }
    }
}

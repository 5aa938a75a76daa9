package io.gatehouse.deployment;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.Json;
import java.util.List;
import java.util.Optional;

/** Features and configurations: merged, or refused by {@link Refused}. */
public final class WishesFuzz {
    private WishesFuzz() {}

    /** The same document as each of them, at two scopes. */
    public static void fuzzerTestOneInput(byte[] data) {
        Object spec;
        try {
            spec = Json.read(data).values();
        } catch (BadArgument e) {
            return;
        }
        try {
            Wish ignored = Wish.of(List.of(
                    desired("dwr/desired/feature/a", 0, "a", spec),
                    desired("dwr/x/desired/feature/b", 1, "b", spec),
                    desired("dwr/x/desired/configuration/p", 1, "p", spec)));
        } catch (Refused e) {
            String ignored = e.getMessage();
        }
    }

    private static Desired desired(String topic, int breadth, String name, Object spec) {
        return new Desired(topic, breadth, Optional.of(name), spec, "digest", Optional.empty());
    }
}

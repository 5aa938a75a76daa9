package io.gatehouse.cli.fleet;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which devices there are, as their retained status says. */
public final class Roster {
    /** Topic filter of every device's status. */
    public static final String FILTER = "+/+/+/status";

    /** Longer than a broker pauses between two messages that it has at hand. */
    private static final Duration QUIET = Duration.ofMillis(150);

    /** For the first device to come where none is there. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<String, Member> byName = new TreeMap<>();

    /** One device. */
    public record Member(String device, Members status) {
        public boolean online() {
            return text("state").equals("online");
        }

        public Optional<String> place() {
            return Optional.of(text("place")).filter(place -> !place.isEmpty());
        }

        /** A member of the status as text, empty where it is absent. */
        public String text(String name) {
            return status.value(name).map(String::valueOf).orElse("");
        }
    }

    /** Takes a message if it is a device's status. */
    public Optional<Member> take(Message message) {
        Optional<String> device = Devices.of(message.topic(), "status");
        if (device.isEmpty()) {
            return Optional.empty();
        }
        try {
            Member member = new Member(device.get(), Json.read(message.payload()));
            // The will is small and names no place: what was known before stays.
            Member before = byName.get(member.device());
            if (before != null && !member.online() && member.place().isEmpty()) {
                Map<String, Object> both = new LinkedHashMap<>(before.status().values());
                both.remove("at");
                both.putAll(member.status().values());
                member = new Member(member.device(), Members.of(both));
            }
            byName.put(member.device(), member);
            return Optional.of(member);
        } catch (BadArgument e) {
            return Optional.empty(); // somebody else's topic of the same form
        }
    }

    public Collection<Member> all() {
        return byName.values();
    }

    public Optional<Member> find(String device) {
        return Optional.ofNullable(byName.get(device));
    }

    /** Those that lie under a scope and are there. */
    public Collection<Member> online(Scope scope) {
        return byName.values().stream()
                .filter(member -> member.online() && scope.covers(member.device(), member.place()))
                .toList();
    }

    /**
     * Learns who is there: all that the broker kept, and, where nobody under the scope is there, the first that comes.
     *
     * @return every message that arrived meanwhile
     * @throws Trouble if nobody came
     */
    public List<Message> gather(Fleet fleet, Scope scope) throws Trouble, InterruptedException {
        List<Message> arrived = new ArrayList<>(fleet.retained(QUIET));
        arrived.forEach(this::take);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (online(scope).isEmpty()) {
            Message next =
                    fleet.next(Duration.ofNanos(end - System.nanoTime())).orElseThrow(() -> nobody(fleet, scope));
            take(next);
            arrived.add(next);
        }
        return arrived;
    }

    private Trouble nobody(Fleet fleet, Scope scope) {
        String others = all().isEmpty() ? "it knows no device at all" : "gatehouse devices lists those that it knows";
        return new Trouble(
                Trouble.Kind.NO_ANSWER,
                "no device is online under " + scope + " at " + fleet.broker() + " (" + others + ")");
    }
}

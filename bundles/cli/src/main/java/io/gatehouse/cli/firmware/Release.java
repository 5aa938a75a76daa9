package io.gatehouse.cli.firmware;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Firmware;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A firmware for the devices of a scope, of which a share takes part. One salt for all shares: a wider one contains the narrower. */
public final class Release {
    /** What speaks of it. */
    public static final String RESOURCE = "firmware";

    private final Scope scope;
    private final Firmware firmware;
    private final String salt;
    private final Set<String> digests = new HashSet<>();

    public Release(Scope scope, Firmware firmware, String salt) {
        this.scope = scope;
        this.firmware = firmware;
        this.salt = salt;
        for (int percent = 0; percent <= 100; percent++) {
            digests.add(at(percent).digest());
        }
        digests.add(wish(Rollout.ALL).digest());
    }

    Scope scope() {
        return scope;
    }

    Firmware firmware() {
        return firmware;
    }

    /** With this share of the devices. */
    public Wish at(int percent) {
        return wish(new Rollout(percent, salt));
    }

    /** Where it is published. */
    String topic() {
        return at(0).topic();
    }

    private Wish wish(Rollout rollout) {
        return new Wish(scope, RESOURCE, Optional.empty(), new Envelope(Optional.of(firmware.write()), rollout));
    }

    /** From which percentage on a device takes part: 1 to 100. */
    int takesPartFrom(String device) {
        int not = 0;
        int does = 100;
        while (does - not > 1) {
            int middle = (not + does) / 2;
            if (new Rollout(middle, salt).includes(device)) {
                does = middle;
            } else {
                not = middle;
            }
        }
        return does;
    }

    /** The share of the devices that take part by a document at {@link #topic}; nothing where that speaks of something else. */
    Optional<Integer> percentOf(Message document) {
        try {
            Envelope envelope = Envelope.read(document.payload());
            boolean isThis = envelope.spec()
                    .map(spec ->
                            spec.equals(Json.read(Json.write(firmware.write())).values()))
                    .orElse(false);
            Rollout rollout = envelope.rollout();
            boolean isOurs = rollout.salt().equals(salt) || rollout.percent() == 100 || rollout.percent() == 0;
            return isThis && isOurs ? Optional.of(rollout.percent()) : Optional.empty();
        } catch (BadArgument e) {
            return Optional.empty(); // no device takes that
        }
    }

    /** A document's very bytes are of this, whoever wrote them. */
    void know(Message document) {
        if (percentOf(document).isPresent()) {
            digests.add(Sha256.of(document.payload()).hex());
        }
    }

    /** Whether a report is of this, with whatever share. */
    boolean isSpokenOfBy(Report report) {
        return report.desired().get(topic()) instanceof String digest && digests.contains(digest);
    }

    /** Whether a device says that it runs this and is through. */
    boolean isRunBy(Report report) {
        Map<String, ?> members = report.members().values();
        return report.applied()
                && firmware.version().equals(members.get("version"))
                && members.get("sequence") instanceof Number sequence
                && sequence.longValue() == firmware.sequence();
    }
}

package io.gatehouse.cli;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Plain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One artifact that a device made, as its list says. */
record Made(Sha256 sha256, long size, String made, String until) {
    static final int SHOWN_DIGITS = 12;

    /**
     * Reads the answer to {@code artifact.list}.
     *
     * @throws Trouble if it is none
     */
    static List<Made> read(String device, Outcome.Done done) throws Trouble {
        List<Made> all = new ArrayList<>();
        try {
            for (Members one : Members.of(done.result()).objects("artifacts")) {
                all.add(new Made(
                        new Sha256(one.string("sha256")),
                        one.integer("size", 0, Long.MAX_VALUE),
                        Plain.safe(one.optionalString("made").orElse("")),
                        Plain.safe(one.optionalString("until").orElse(""))));
            }
        } catch (IllegalArgumentException e) {
            throw new Trouble(
                    Trouble.Kind.REFUSED, "the list of " + device + " is not understood: " + e.getMessage(), e);
        }
        return all;
    }

    /** As many digits as a person needs. */
    String brief() {
        return sha256.hex().substring(0, SHOWN_DIGITS);
    }

    Map<String, Object> object(String device) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("device", device);
        object.put("sha256", sha256.hex());
        object.put("size", size);
        object.put("made", made);
        object.put("until", until);
        return object;
    }
}

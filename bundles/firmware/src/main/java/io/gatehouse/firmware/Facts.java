package io.gatehouse.firmware;

import io.gatehouse.api.firmware.RunningSystem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What runs, and what would write something else. */
record Facts(Optional<String> engine, Optional<RunningSystem> system, RunningFirmware firmware) {
    static final Facts NONE =
            new Facts(Optional.empty(), Optional.empty(), new RunningFirmware(Optional.empty(), Optional.empty()));

    /** The members of a report that tell it. */
    Map<String, Object> report() {
        Map<String, Object> members = new LinkedHashMap<>();
        firmware.version().ifPresent(version -> members.put("version", version));
        firmware.sequence().ifPresent(sequence -> members.put("sequence", sequence));
        system.ifPresent(running -> {
            members.put("compatible", running.compatible());
            members.put("slot", running.slot());
        });
        engine.ifPresent(name -> members.put("engine", name));
        return members;
    }
}

package io.gatehouse.firmware.rauc;

import java.util.Map;

/**
 * A place for a part of a system.
 *
 * @param name for example {@code rootfs.0}
 * @param kind what it is for, RAUC's class: {@code rootfs}
 * @param state {@code booted}, {@code active} or {@code inactive}
 * @param bootname as the boot loader calls it; empty where that does not start it
 * @param installed when RAUC wrote it, in ISO 8601; empty where RAUC does not remember
 * @param device the block device or file; empty where RAUC does not say
 */
record Slot(String name, String kind, String state, String bootname, String installed, String device) {
    /** Of what RAUC's service says of it. */
    static Slot of(String name, Map<String, String> properties) {
        return new Slot(
                name,
                properties.getOrDefault("class", ""),
                properties.getOrDefault("state", ""),
                properties.getOrDefault("bootname", ""),
                properties.getOrDefault("installed.timestamp", ""),
                properties.getOrDefault("device", ""));
    }

    boolean isBooted() {
        return state.equals("booted");
    }

    /** Whether what runs is in it: it was started, or goes with the one that was. */
    boolean isInUse() {
        return isBooted() || state.equals("active");
    }

    boolean isStartedByBootLoader() {
        return !bootname.isEmpty();
    }
}

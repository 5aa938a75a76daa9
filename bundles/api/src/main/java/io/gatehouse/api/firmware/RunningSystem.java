package io.gatehouse.api.firmware;

/**
 * The system that a machine runs.
 *
 * @param slot where it is, for example {@code rootfs.0}: another one after {@link FirmwareInstaller#activate} and a restart than before, and the
 *     first one again where the machine fell back. With a single slot, what tells one version from another
 * @param compatible which images this machine takes, as the engine calls it: RAUC's {@code compatible}, OpenWrt's board name
 */
public record RunningSystem(String slot, String compatible) {
    public RunningSystem {
        if (slot.isBlank() || compatible.isBlank()) {
            throw new IllegalArgumentException(
                    "slot and compatible must not be blank: '" + slot + "', '" + compatible + "'");
        }
    }
}

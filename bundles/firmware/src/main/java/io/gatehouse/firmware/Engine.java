package io.gatehouse.firmware;

import io.gatehouse.api.firmware.FirmwareInstaller;

/** What writes firmware, and its name. */
record Engine(String name, FirmwareInstaller installer) {}

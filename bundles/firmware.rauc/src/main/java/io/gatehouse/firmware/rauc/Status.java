package io.gatehouse.firmware.rauc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * What RAUC says of a machine.
 *
 * @param compatible which images it takes
 */
record Status(String compatible, List<Slot> slots) {
    Status {
        slots = List.copyOf(slots);
    }

    /** The slot whose system runs. */
    Slot booted() throws IOException {
        return slots.stream()
                .filter(Slot::isBooted)
                .findFirst()
                .orElseThrow(
                        () -> new IOException(
                                "RAUC does not know from which of its slots this machine was started ("
                                        + names()
                                        + "): the kernel's command line must say so by root= or rauc.slot=, and system.conf name that slot"));
    }

    /** The slot that is started instead of the one that runs: the one that was written last, where there are several. */
    Slot other() throws IOException {
        Slot booted = booted();
        return slots.stream()
                .filter(slot -> slot.kind().equals(booted.kind()) && slot.isStartedByBootLoader() && !slot.isBooted())
                .max(Comparator.comparing(Slot::installed))
                .orElseThrow(() -> new IOException(
                        "RAUC has no slot besides " + booted.name() + " that the boot loader could start (" + names()
                                + "): system.conf must name one, with a bootname"));
    }

    /** The devices with what runs, that of the slot which was started first. */
    List<Path> devicesInUse() {
        return slots.stream()
                .filter(slot -> slot.isInUse() && !slot.device().isEmpty())
                .sorted(Comparator.comparing(slot -> !slot.isBooted()))
                .map(slot -> Path.of(slot.device()))
                .toList();
    }

    private List<String> names() {
        return slots.stream().map(Slot::name).sorted().toList();
    }
}

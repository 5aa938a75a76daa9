package io.gatehouse.firmware.rauc;

import io.gatehouse.api.firmware.FirmwareInstaller;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Writes firmware by RAUC: by its service where the system bus has it, else by the program {@code rauc}. A connection is opened for each call and closed
 * after it. RAUC does one thing at a time, so that each call waits for an installation that goes on, as after a restart of the gateway.
 */
@Component(property = "gatehouse.engine=rauc")
public final class RaucInstaller implements FirmwareInstaller {
    private static final String USUAL_SOCKET = "/var/run/dbus/system_bus_socket";

    private final Path socket;
    private final Supplier<Optional<Program>> program;

    @Activate
    public RaucInstaller() {
        this(Path.of(USUAL_SOCKET), () -> Program.find("rauc"));
    }

    /**
     * By other ways.
     *
     * @param socket of the system bus
     * @param program RAUC's, where this machine has it
     */
    RaucInstaller(Path socket, Supplier<Optional<Program>> program) {
        this.socket = socket;
        this.program = program;
    }

    @Override
    public RunningSystem running() throws IOException, InterruptedException {
        try (Rauc rauc = open()) {
            Status status = rauc.status();
            return new RunningSystem(status.booted().name(), status.compatible());
        }
    }

    /** By RAUC's boot loader, which leaves what is marked bad or was started in vain. */
    @Override
    public boolean canFallBack() {
        return true;
    }

    @Override
    public List<Path> seeds() throws IOException, InterruptedException {
        try (Rauc rauc = open()) {
            return rauc.status().devicesInUse();
        }
    }

    @Override
    public void check(Path image) throws FirmwareRefused, IOException, InterruptedException {
        try (Rauc rauc = open()) {
            String compatible = rauc.status().compatible();
            String wanted = rauc.compatibleOf(image);
            if (!wanted.equals(compatible)) {
                throw new FirmwareRefused(
                        Words.WRONG_COMPATIBLE, "the image is for " + wanted + ", and this machine is " + compatible);
            }
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>RAUC cannot stop what it installs. So an interrupt is kept until that has ended, which takes as long as the rest of the installation, 10 minutes
     * at most; where RAUC goes on for longer, an {@link IOException} says so.
     *
     * <p>What is started next stays as it is only where RAUC's {@code system.conf} has {@code activate-installed=false}. Otherwise RAUC itself has the
     * boot loader start what it installed.
     */
    @Override
    public void install(Path image, Progress progress) throws FirmwareRefused, IOException, InterruptedException {
        try (Rauc rauc = open()) {
            rauc.install(image, progress);
        }
    }

    @Override
    public void activate(Path image) throws IOException, InterruptedException {
        try (Rauc rauc = open()) {
            rauc.mark("active", rauc.status().other().name());
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>RAUC is told each time: it calls a slot good as long as U-Boot has one try of it left, and would let the tries be used up by starts.
     */
    @Override
    public void markGood() throws IOException, InterruptedException {
        try (Rauc rauc = open()) {
            rauc.mark("good", "booted");
            String booted = rauc.status().booted().name();
            if (rauc.primary().filter(next -> !next.equals(booted)).isPresent()) {
                rauc.mark("active", "booted");
            }
        }
    }

    @Override
    public void markBad() throws IOException, InterruptedException {
        try (Rauc rauc = open()) {
            // In this order: after each step something is started that ran before.
            rauc.mark("active", rauc.status().other().name());
            rauc.mark("bad", "booted");
        }
    }

    private Rauc open() throws IOException, InterruptedException {
        Optional<RaucProgram> there = program.get().map(RaucProgram::new);
        Optional<Rauc> service = RaucService.find(socket, there);
        if (service.isPresent()) {
            return service.get();
        }
        return there.orElseThrow(() -> new IOException("neither the bus at " + socket + " has RAUC's service "
                + RaucService.RAUC.program() + " nor is there a program rauc: install RAUC; " + RaucProgram.REMEDY));
    }
}

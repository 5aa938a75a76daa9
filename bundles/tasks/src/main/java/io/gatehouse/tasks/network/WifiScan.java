package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Says which wireless networks are heard, by {@code iw}, or by {@code iwinfo} where there is only that. */
@Component
@Command("wifi.scan")
public final class WifiScan implements CommandHandler {
    private static final int KEPT = 1 << 20;
    private static final int MOST = 256;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Path interfaces;
    private final Function<String, Optional<Program>> programs;

    @Activate
    public WifiScan() {
        this(Path.of("/sys/class/net"), Program::find);
    }

    WifiScan(Path interfaces, Function<String, Optional<Program>> programs) {
        this.interfaces = interfaces;
        this.programs = programs;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Members arguments = invocation.arguments();
        Optional<LocalInterface> named =
                arguments.has("interface") ? Optional.of(LocalInterface.of(arguments, "interface")) : Optional.empty();
        Optional<LocalInterface> radio = named.isPresent() ? named.filter(this::isRadio) : firstRadio();
        if (radio.isEmpty()) {
            return Outcome.refused(
                    "unavailable",
                    named.map(wire -> wire.name()
                                    + " is no interface of a radio; without interface the first one is taken")
                            .orElse("this device has no radio, or no driver for it"));
        }
        Optional<Program> iw = programs.apply("iw");
        Optional<Program> iwinfo = programs.apply("iwinfo");
        if (iw.isEmpty() && iwinfo.isEmpty()) {
            return Outcome.refused("unavailable", "this device has neither iw nor iwinfo; package iw brings one");
        }
        String name = radio.get().name();
        Program scan = iw.map(program -> program.with("dev", name, "scan"))
                .or(() -> iwinfo.map(program -> program.with(name, "scan")))
                .orElseThrow();
        invocation.progress(0, "listening at " + name);
        Ended ended = scan.within(LONGEST).keeping(KEPT).run();
        String text = new String(ended.output().bytes(), StandardCharsets.ISO_8859_1);
        boolean isImpossible = iw.isEmpty() && text.startsWith("Scanning not possible");
        if (!ended.isWell() || isImpossible) {
            return Outcome.failed(
                    "not-scanned",
                    String.join(" ", scan.command()) + " " + ended.words() + ": "
                            + ended.output().lastLine());
        }
        return Outcome.done(told(name, iw.isPresent() ? IwScan.read(text, MOST) : IwinfoScan.read(text, MOST)));
    }

    private static Map<String, Object> told(String name, List<WifiNetwork> networks) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("interface", name);
        told.put("networks", networks.stream().map(WifiNetwork::told).toList());
        return told;
    }

    private Optional<LocalInterface> firstRadio() throws IOException {
        if (!Files.isDirectory(interfaces)) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.list(interfaces)) {
            return all.map(folder -> folder.getFileName().toString())
                    .filter(LocalInterface::isName)
                    .map(LocalInterface::new)
                    .filter(this::isRadio)
                    .min((one, other) -> one.name().compareTo(other.name()));
        }
    }

    /** Drivers of today have the first, older ones only the second. */
    private boolean isRadio(LocalInterface wire) {
        Path folder = interfaces.resolve(wire.name());
        return Files.exists(folder.resolve("phy80211")) || Files.exists(folder.resolve("wireless"));
    }
}

package io.gatehouse.cli;

import io.gatehouse.cli.firmware.Release;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Firmware;
import io.gatehouse.protocol.Rollout;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Wants a firmware of devices. */
@Command(
        name = "set",
        description = {
            "Want a firmware of devices, and wait until each has proven it, gone back or refused it.",
            "It travels over the broker, served by this command while it waits, unless devices have it from --url.",
            "While it waits, devices fetch only what they lack.",
            "The key needs the role firmware."
        },
        footer = {
            "%nExamples:",
            "  gatehouse firmware set gateway.raucb --version V2.04B01 --sequence 204001 --compatible dwr-311-a1",
            "      --to dwr/311-a1",
            "  gatehouse firmware set … --window 02:00-05:00 --zone Asia/Taipei --timeout 1d",
            "  gatehouse firmware set … --percent 10     one device of ten, always the same ones for a version",
            "%ngatehouse firmware roll does it step by step, and stops by itself."
        })
final class FirmwareSetCommand implements Callable<Integer> {
    /** How long devices are usually awaited: they fetch, write and restart, and prove themselves for minutes. */
    static final String USUALLY = "1h";

    private final Supplier<Session> sessions;

    @Mixin
    private ImageOptions image = new ImageOptions();

    @Mixin
    private ToOption to = new ToOption();

    @Option(names = "--percent", paramLabel = "PERCENT", description = "Only this share of the devices.")
    private int percent = 100;

    @Option(
            names = "--salt",
            paramLabel = "TEXT",
            description = "Which ones: another salt, other devices; without it the version.")
    @Nullable
    private String salt;

    @Mixin
    private KeyOption key = new KeyOption();

    @Mixin
    private Publishing publishing = new Publishing();

    FirmwareSetCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() throws Trouble, InterruptedException {
        if (percent < 0 || percent > 100) {
            throw new Trouble(Trouble.Kind.USAGE, "--percent must be from 0 to 100: " + percent);
        }
        Firmware firmware = image.firmware(!publishing.noWait());
        Session session = sessions.get();
        Rollout share = percent == 100 ? Rollout.ALL : new Rollout(percent, salt == null ? firmware.version() : salt);
        Wish wish = new Wish(
                to.in(session), Release.RESOURCE, Optional.empty(), new Envelope(Optional.of(firmware.write()), share));
        Signer signer = session.signer(key.file(), wish.scope());
        if (publishing.noWait() && firmware.image().url().isEmpty()) {
            session.screen().note("it has no url: devices get it when somebody serves it");
        }
        String words = "firmware " + firmware.version() + " to " + wish.scope();
        return publishing.run(session, signer, wish, words, image.files(firmware), Following.Check.NONE, image.room());
    }
}

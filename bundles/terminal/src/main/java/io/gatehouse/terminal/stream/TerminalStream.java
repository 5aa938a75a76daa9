package io.gatehouse.terminal.stream;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.stream.SealedStream;
import io.gatehouse.protocol.stream.Sealing;
import io.gatehouse.protocol.stream.StreamKey;
import io.gatehouse.terminal.Terminals;
import java.io.IOException;
import java.security.InvalidKeyException;
import java.time.Duration;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Opens a terminal at a stream of frames over MQTT, sealed for whoever asked. */
@Component
@Command("terminal.stream")
public final class TerminalStream implements CommandHandler {
    private final Terminals terminals;
    private final Carrier carrier;
    private final Duration silence;
    private final Ticks ticks = new Ticks();

    @Activate
    public TerminalStream(
            BundleContext context, @Reference Terminals terminals, @Reference Outbox outbox, @Reference Device device) {
        this(terminals, new MqttCarrier(context, outbox, device), SealedStream.SILENCE);
    }

    TerminalStream(Terminals terminals, Carrier carrier, Duration silence) {
        this.terminals = terminals;
        this.carrier = carrier;
        this.silence = silence;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException {
        Members arguments = invocation.arguments();
        Wanted wanted = Wanted.of(arguments);
        return terminals.open(invocation, terminal -> {
            StreamKey own = StreamKey.generate();
            Sealing sealing = agree(own, terminal.id(), arguments);
            StreamDoor.End end = new StreamDoor.End(sealing, own.publicKey(), silence);
            return new StreamDoor(terminal, wanted, end, carrier, ticks);
        });
    }

    private static Sealing agree(StreamKey own, String id, Members arguments) {
        String key = arguments.string("key");
        try {
            return own.withOperator(id, key);
        } catch (InvalidKeyException e) {
            BadArgument wrong = arguments.wrong(
                    "key", key, "an X25519 public key in base64url, made for this terminal (" + e.getMessage() + ")");
            wrong.initCause(e);
            throw wrong;
        }
    }
}

package io.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.ProtectedHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Signs what another program publishes. */
@Command(
        name = "sign",
        description = {
            "Print the signature of a message that another program publishes: the value of its user property jws.",
            "It is good for this topic and these very bytes alone; a command's also for its correlation data and response topic."
        },
        footer = {
            "%nExamples:",
            "  t=dwr/311-a1/desired/feature/modbus",
            "  mosquitto_pub -V 5 -r -q 1 -t $t -f wish.json \\",
            "      -D publish user-property jws \"$(gatehouse sign $t wish.json)\"",
            "  t=dwr/311-a1/00-11-22-33-44-55/cmd/ping",
            "  mosquitto_rr -V 5 -q 1 -t $t -e reply/me -m '{}' -D publish correlation-data 1 \\",
            "      -D publish user-property jws \"$(gatehouse sign $t -m '{}' --reply reply/me --correlation 1)\""
        })
final class SignCommand implements Callable<Integer> {
    private final Supplier<Session> sessions;
    private final InputStream in;

    @Parameters(index = "0", paramLabel = "TOPIC", description = "Where it is published, whole.")
    private String topic = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FILE",
            description = "A file with the payload, byte for byte; - is standard input.")
    @Nullable
    private Path file;

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "The payload itself, in place of a file.")
    @Nullable
    private String text;

    @Mixin
    private KeyOption key = new KeyOption();

    @Option(names = "--reply", paramLabel = "TOPIC", description = "A command's response topic, if it has one.")
    @Nullable
    private String reply;

    @ArgGroup
    private Correlation correlation = new Correlation();

    @Option(names = "--life", paramLabel = "TIME", description = "How long a command is of use, at most 24h (10m).")
    @Nullable
    private Duration life;

    /** A command's identity. */
    private static final class Correlation {
        @Option(
                names = "--correlation",
                paramLabel = "TEXT",
                description = "A command's correlation data, which it must have.")
        @Nullable
        private String text;

        @Option(names = "--correlation-hex", paramLabel = "HEX", description = "The same in hex digits.")
        @Nullable
        private String hex;
    }

    SignCommand(Supplier<Session> sessions, InputStream in) {
        this.sessions = sessions;
        this.in = in;
    }

    @Override
    public Integer call() throws Trouble {
        Topic parsed = Topic.parse(topic)
                .orElseThrow(() -> usage("nothing is signed for the topic " + topic
                        + ": it is neither <scope>/desired/<resource>[/<name>] nor <scope>/cmd/<name>"));
        Session session = sessions.get();
        Signer signer = session.signer(key.file(), session.scope(parsed.scope(), "TOPIC"));
        Message message = Message.json(topic, payload());
        Message signed = signer.sign(parsed instanceof Topic.Command ? command(message) : wish(message));
        session.screen().line(signed.properties().first(Jws.PROPERTY).orElseThrow());
        return 0;
    }

    private Message wish(Message message) throws Trouble {
        if (reply != null || correlation.text != null || correlation.hex != null || life != null) {
            throw usage("--reply, --correlation and --life are of commands, and " + topic + " is none");
        }
        return message;
    }

    private Message command(Message message) throws Trouble {
        Duration lives = life == null ? Duration.ofMinutes(10) : life;
        if (lives.compareTo(ProtectedHeader.LONGEST_LIFE) > 0) {
            throw usage("--life must be at most " + ProtectedHeader.LONGEST_LIFE.toHours() + "h: "
                    + Durations.words(lives));
        }
        byte[] id = correlation();
        Message command = message.expiring(lives);
        return reply == null ? command.answering(id) : command.answeredAt(reply, id);
    }

    private byte[] correlation() throws Trouble {
        if (correlation.hex != null) {
            try {
                return HexFormat.of().parseHex(correlation.hex);
            } catch (IllegalArgumentException e) {
                throw new Trouble(
                        Trouble.Kind.USAGE, "--correlation-hex must be pairs of hex digits: " + correlation.hex, e);
            }
        }
        if (correlation.text == null) {
            throw usage(
                    "a command needs correlation data, by which a repetition is known: --correlation TEXT, and the same"
                            + " where it is published (mosquitto_pub -D publish correlation-data TEXT)");
        }
        return correlation.text.getBytes(UTF_8);
    }

    private byte[] payload() throws Trouble {
        if (text != null && file == null) {
            return text.getBytes(UTF_8);
        }
        if (text != null || file == null) {
            throw usage("which payload? Give it as FILE, - for standard input, or by -m TEXT");
        }
        try {
            return file.toString().equals("-") ? in.readAllBytes() : Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new Trouble(Trouble.Kind.USAGE, "no such file: " + file, e);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Trouble usage(String message) {
        return new Trouble(Trouble.Kind.USAGE, message);
    }
}

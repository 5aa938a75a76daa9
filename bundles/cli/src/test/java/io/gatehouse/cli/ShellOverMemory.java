package io.gatehouse.cli;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.trust.SigningKey;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Holds one session over a broker in this process, at the terminal that it is started at. */
final class ShellOverMemory {
    static final String DEVICE = "dwr/311-a1/00-00-00-00-00-01";

    private ShellOverMemory() {}

    public static void main(String[] args) throws Exception {
        SigningKey operator = SigningKey.generate();
        operator.write(Path.of(args[0]));
        MemoryBroker broker = new MemoryBroker();
        Trusting trusting = Trusting.allTo(SigningKey.generate(), operator, "dwr", "world");
        int status;
        try (FakeTerminal terminal = new FakeTerminal(broker, DEVICE, Map.of());
                FakeDevice device = new FakeDevice(broker, DEVICE, "world/asia", trusting)) {
            device.answering("terminal.stream", terminal::open)
                    .answering("terminal.close", message -> Outcome.done(Map.of()));
            Surroundings surroundings = new Surroundings(
                    Map.of("GATEHOUSE_BROKER", MemoryBroker.ADDRESS.toString(), "GATEHOUSE_KEY", args[0]),
                    System.in,
                    System.out,
                    System.err,
                    Screen.Terminal.NONE,
                    List.of(broker),
                    Clock.systemUTC());
            status = Gatehouse.run(surroundings, "shell", DEVICE, "--over-mqtt");
        }
        System.exit(status);
    }
}

package io.gatehouse.cli;

import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of what an operator says to a fleet about firmware, against a broker in this process. */
abstract class WithFleet {
    static final String TOPIC = FakeFleet.MODEL + "/desired/firmware";

    final MemoryBroker broker = new MemoryBroker();
    final Console console = new Console(broker);

    @TempDir
    Path folder;

    Path image;
    FakeFleet fleet;

    private final int devices;

    WithFleet(int devices) {
        this.devices = devices;
    }

    @BeforeEach
    void aFleetIsThere() throws IOException {
        SigningKey operator = SigningKey.generate();
        console.signBy(operator, folder);
        image = Files.writeString(folder.resolve("image.raucb"), "an image");
        fleet = new FakeFleet(broker, Trusting.allTo(SigningKey.generate(), operator, "dwr"), devices);
    }

    @AfterEach
    void leave() {
        fleet.close();
    }
}

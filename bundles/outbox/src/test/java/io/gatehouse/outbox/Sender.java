package io.gatehouse.outbox;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import io.gatehouse.store.OpenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A process of its own that puts replies, events, reports and observations, takes some and acknowledges some, and says so on
 * its standard output: {@code put <what>.} when it was taken over, {@code ack <what>.} before it is acknowledged.
 */
final class Sender {
    /** How many seconds of observations a kill may cost. */
    static final int SECONDS = 1;

    private final DeviceOutbox outbox;
    private final Random random = new Random();
    private final StringBuilder said = new StringBuilder();

    private Sender(DeviceOutbox outbox) {
        this.outbox = outbox;
    }

    static Process start(Path folder, String boot) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sender.class.getName(),
                        folder.toString(),
                        boot)
                .redirectErrorStream(true)
                .start();
    }

    /** An outbox with time that passes by itself. */
    static DeviceOutbox open(OpenStore store, String boot, int drain) {
        DeviceOutbox outbox = new DeviceOutbox(
                new WithOutbox.FakeDevice(Optional.empty(), boot),
                store.store(),
                Limits.of(8_000_000, SECONDS, drain, 0),
                Clock.systemUTC(),
                System::nanoTime,
                Later.ofJava());
        outbox.load();
        return outbox;
    }

    public static void main(String[] args) throws Exception {
        OpenStore store = OpenStore.at(Path.of(args[0]), 9_000_000);
        new Sender(open(store, args[1], 0)).run();
    }

    private void run() throws InterruptedException {
        List<Parcel> taken = new ArrayList<>();
        int waiting = 0;
        for (int n = 1; ; n++) {
            put(n);
            waiting += n % 10 == 0 ? 1 : 2;
            while (waiting > 0 && random.nextInt(3) > 0) {
                taken.add(outbox.take());
                waiting--;
            }
            while (!taken.isEmpty() && random.nextInt(3) > 0) {
                Parcel parcel = taken.remove(random.nextInt(taken.size()));
                if (random.nextInt(10) == 0) {
                    parcel.returned();
                    waiting++;
                } else {
                    say("ack " + name(parcel.message()));
                    flush();
                    parcel.acknowledged();
                }
            }
            flush();
        }
    }

    /** A reply or an event, and mostly an observation. */
    private void put(int n) {
        if (n % 2 == 0) {
            outbox.event("e", Map.of("n", n));
            say("put event/e " + n);
        } else {
            outbox.send(Message.json("reply/r", ("{\"n\":" + n + "}").getBytes()));
            say("put reply/r " + n);
        }
        if (n % 10 != 0) {
            outbox.observation("a/t" + n % 7, Clock.systemUTC().instant(), Map.of("n", n), false);
            say("put a/t" + n % 7 + " " + n + " " + System.currentTimeMillis());
        }
    }

    static String name(Message message) {
        return message.topic().replace("dwr/311/7/", "") + " " + WithOutbox.n(message);
    }

    private void say(String what) {
        said.append(what).append(".\n");
    }

    /** In one write, so that what is read is whole but for its end. */
    private void flush() {
        System.out.print(said);
        System.out.flush();
        said.setLength(0);
    }
}

package io.gatehouse.testkit.gateway;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A program for {@link LeftBehindTest}: starts a gateway that does not start, or one that does. */
final class LeftBehind {
    static final String DONE = "done";

    /** Stands for a character that no program can be told. */
    static final String NUL = "NUL";

    private LeftBehind() {}

    /** Says that it is done, and waits until its standard input ends. */
    public static void main(String[] settings) throws Exception {
        try {
            Gateway gateway =
                    Gateway.start(new Gateway.Options("testkit/gateway/left", Optional.empty(), words(settings)));
            System.out.println(gateway.device());
        } catch (UncheckedIOException e) {
            System.out.println(e.getMessage());
            Awaitility.await("threads that end").until(() -> threads().isEmpty());
        }
        System.out.println(DONE);
        int unused = System.in.read();
    }

    private static List<String> words(String... settings) {
        return Stream.of(settings).map(setting -> setting.replace(NUL, "\0")).toList();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("gatehouse testkit") && !name.endsWith("clean-up"))
                .toList();
    }
}

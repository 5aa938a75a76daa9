package io.gatehouse.terminal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The framework's shell as OpenSSH's and MINA's clients meet it. */
@Timeout(120)
final class GogoShellTest {
    @TempDir
    Path folder;

    private final ThreadIOImpl threadIo = new ThreadIOImpl();
    private final Commands commands = new Commands();
    private Place place;
    private Path key;
    private CommandProcessorImpl processor;

    /** Commands as a bundle would bring them. */
    public static final class Commands {
        volatile Thread sleeping;
        volatile boolean wasInterrupted;

        public void hello(String name) {
            System.out.println("hello " + name + "\nand good bye");
        }

        public String answer() {
            return "42 ✓";
        }

        public void sleep() {
            sleeping = Thread.currentThread();
            try {
                Thread.sleep(1_000_000);
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }

        public void fail() throws IOException {
            throw new IOException("nothing there");
        }

        public String line(CommandSession session) throws IOException {
            return "read "
                    + new BufferedReader(new InputStreamReader(session.getKeyboard(), StandardCharsets.UTF_8))
                            .readLine();
        }

        public void flood() {
            while (!System.out.checkError()) {
                System.out.println("0123456789".repeat(8));
            }
        }
    }

    @BeforeEach
    void open() throws Exception {
        Needs.programs("ssh", "ssh-keygen");
        threadIo.start();
        processor = new CommandProcessorImpl(threadIo);
        for (String name : List.of("hello", "answer", "sleep", "fail", "line", "flood")) {
            processor.addCommand("test", commands, name);
        }
        place = Place.of(folder);
        place.terminals.setGogo(processor);
        key = place.key("operator");
    }

    @AfterEach
    void close() {
        if (place != null) {
            place.close();
            await().until(() -> Place.threads().isEmpty());
            threadIo.stop();
        }
    }

    @Test
    void runsCommandsOfTheFramework() throws Exception {
        Map<String, ?> opened = place.opened(key, Map.of("mode", "gogo"));
        Place.Said said = place.ssh(opened, key, "hello wörld\rtest:answer\rfail\rnonsense\rexit\r", "-tt");
        assertEquals(0, said.code(), said.text());
        assertTrue(said.text().contains("g! hello wörld\r\nhello wörld\r\nand good bye\r\ng! "), said.text());
        assertTrue(said.text().contains("test:answer\r\n42 ✓\r\ng! "), said.text());
        assertTrue(said.text().contains("IOException: nothing there\r\ng! "), said.text());
        assertTrue(said.text().contains("CommandNotFoundException"), said.text());
        Map<String, ?> closed = place.closed();
        assertEquals("gogo", closed.get("mode"));
        assertEquals("exit", closed.get("reason"));
    }

    @Test
    void editsLinesAndRemembersThem() throws Exception {
        try (Operator operator = operator()) {
            operator.sees("g! ");
            operator.type("nothing\u0015hello wöX\u007f\u007förld\r");
            operator.sees("hello wörld\r\nand good bye\r\ng! ");
            operator.type("half a line\u0003");
            operator.sees("half a line^C\r\ng! ");
            operator.type("\u001b[A\u007f\u007f\u007ft\u001b[C\r");
            operator.sees("hello wöt\r\nand");
            operator.type("\u0004");
            assertEquals(0, operator.exitCode());
        }
    }

    @Test
    void interruptsTheCommandThatRuns() throws Exception {
        try (Operator operator = operator()) {
            operator.type("sleep\r");
            await().until(() -> commands.sleeping != null);
            operator.type("\u0003");
            await().until(() -> commands.wasInterrupted);
            operator.type("answer\r");
            operator.sees("42 ✓\r\ng! ");
        }
    }

    @Test
    void givesWhatIsTypedToTheCommandThatRuns() throws Exception {
        try (Operator operator = operator()) {
            operator.type("line\r");
            operator.sees("line\r\n");
            operator.type("some words\n");
            operator.sees("read some words\r\ng! ");
        }
    }

    @Test
    void stopsACommandThatFloodsWhenTheTerminalIsClosed() throws Exception {
        try (Operator operator = operator()) {
            operator.sees("g! ");
            operator.lookAway();
            operator.type("flood\r");
            await().until(() -> (long) place.terminals.all().get(0).told().get("sent") > 100_000);
            String id = place.terminals.all().get(0).id();
            place.terminals.close(id);
            assertEquals("closed", place.closed().get("reason"));
        }
    }

    @Test
    void endsWithGogo() throws Exception {
        try (Operator operator = operator()) {
            operator.type("sleep\r");
            await().until(() -> commands.sleeping != null);
            place.terminals.unsetGogo(processor);
            place.closed();
            await().until(() -> commands.wasInterrupted);
        }
    }

    @Test
    void isRefusedWhereThereIsNoGogoOrItIsNotPermitted() throws Exception {
        place.terminals.unsetGogo(processor);
        Map<String, ?> arguments = Map.of("key", Place.line(key), "mode", "gogo");
        Outcome.Refused missing = (Outcome.Refused) place.asked(arguments);
        assertEquals("unavailable", missing.problem().type());
        assertTrue(missing.problem().detail().contains("org.apache.felix.gogo.runtime"), missing.toString());
        Settings without = new Settings(true, false, Place.login(), Place.LIMITS, Optional.empty());
        try (Place other = new Place(folder, without)) {
            Outcome.Refused refused = (Outcome.Refused) other.asked(arguments);
            assertEquals("not-permitted", refused.problem().type());
            assertTrue(refused.problem().detail().endsWith("io.gatehouse.terminal: gogo"), refused.toString());
        }
    }

    private Operator operator() throws Exception {
        return new Operator(place.opened(key, Map.of("mode", "gogo")), key, "xterm", new Size(80, 24));
    }
}

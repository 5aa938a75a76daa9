package io.gatehouse.terminal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a terminal is, whoever looks at it. */
@Timeout(120)
final class TerminalTest {
    @TempDir
    Path folder;

    @BeforeEach
    void needs() {
        Needs.programs("script", "stty", "ssh-keygen");
    }

    @Test
    void hasTheSizeOfWhoeverLooksAlsoWhenThatChanges() throws Exception {
        try (Place place = Place.of(folder);
                Operator operator = Operator.at(place, "xterm-256color", new Size(101, 33))) {
            // in one process group, which is told: an interactive shell is not while another program runs
            operator.type("stty size; echo $TERM; sh -c 'trap \"echo changed to \\$(stty size)\" WINCH;"
                    + " while :; do sleep 0.1; done'\n");
            operator.sees("33 101\r\nxterm-256color\r\n");
            operator.resize(132, 50);
            operator.sees("changed to 50 132");
            operator.type("\u0003");
            operator.type("exit 3\n");
            assertEquals(3, operator.exitCode());
        }
    }

    @Test
    void goesOnWithItsSizeWhereTheProgramThatChangesItHangs() throws Exception {
        String sleep = Own.command("sleep", 2091);
        String stty = Tools.ofThisMachine().find("stty").orElseThrow().toString();
        Tools tools = Place.tools(folder, "test \"$1\" = -F && exec " + sleep + "\nexec " + stty + " \"$@\"");
        try (Place place = new Place(folder, Place.settings(Place.LIMITS), tools);
                Operator operator = Operator.at(place, "xterm", new Size(80, 24))) {
            operator.sees("$ ");
            operator.resize(132, 50);
            await().until(() -> Own.running(sleep) == 1);
            await().until(() -> Own.running(sleep) == 0);
            operator.type("stty size; exit 3\n");
            operator.sees("\n24 80\r\n");
            assertEquals(3, operator.exitCode());
            assertEquals("exit", place.closed().get("reason"));
        }
    }

    @Test
    void runsAnEditorOnTheWholeScreen() throws Exception {
        Needs.programs("vi");
        Path file = folder.resolve("poem");
        try (Place place = Place.of(folder);
                Operator operator = Operator.at(place, "xterm", new Size(80, 24))) {
            operator.type("vi -u NONE " + file + " || vi " + file + "\n");
            operator.sees("\u001b[");
            operator.sees("~");
            operator.type("iÜber allen Gipfeln ✓\u001b:wq\r");
            await().until(() -> Files.exists(file) && Files.readString(file).equals("Über allen Gipfeln ✓\n"));
            operator.type("exit\n");
            assertEquals(0, operator.exitCode());
        }
    }

    @Test
    void showsWhatChangesAllTheTime() throws Exception {
        Needs.programs("top");
        try (Place place = Place.of(folder);
                Operator operator = Operator.at(place, "xterm", new Size(80, 24))) {
            String top = Own.command("top -d", 1);
            operator.type(top + "\n");
            operator.sees("PID");
            operator.resize(60, 12);
            operator.type("q");
            await().until(() -> Own.running(top) == 0);
            operator.type("until stty size | grep '^12 60'; do sleep 0.1; done\n");
            operator.sees("\n12 60\r\n");
        }
    }

    @Test
    void keepsWithinItsBoundsWhenNobodyTakesWhatItShowsAndStillHearsCtrlC() throws Exception {
        try (Place place = Place.of(folder);
                Operator operator = Operator.at(place, "xterm", new Size(80, 24))) {
            operator.sees("$ ");
            operator.lookAway();
            String yes = Own.command("yes", 2051);
            operator.type(yes + "\n");
            await().until(() -> Own.running(yes) == 1);
            Terminal terminal = place.terminals.all().get(0);
            await().during(1, TimeUnit.SECONDS)
                    .atMost(30, TimeUnit.SECONDS)
                    .until(() -> terminal.told().get("sent"), new Still());
            // what is between is the window of the one who looks, and what the sockets hold
            assertTrue(
                    (long) terminal.told().get("sent") < 8 << 20,
                    terminal.told().toString());
            operator.type("\u0003");
            await().until(() -> Own.running(yes) == 0);
            operator.lookAgain();
            operator.type("echo still-$((40+2))-here\n");
            operator.sees("still-42-here");
        }
    }

    @Test
    void takesALongPasteWhole() throws Exception {
        Path file = folder.resolve("pasted");
        try (Place place = Place.of(folder);
                Operator operator = Operator.at(place, "xterm", new Size(80, 24))) {
            operator.type("stty -echo; cat > " + file + "; echo pasted-$((40+2))\n");
            String line = "0123456789".repeat(10) + "\n";
            for (int at = 0; at < 3000; at++) {
                operator.type(line);
            }
            operator.type("\u0004");
            operator.sees("pasted-42");
            assertEquals(3000L * line.length(), Files.size(file));
        }
    }

    @Test
    void isAnotherUsersWhereThatIsConfigured() throws Exception {
        Needs.root();
        Needs.programs("su");
        Login login = new Login(List.of("/bin/sh", "-i"), "nobody", Map.of("PS1", "$ ", "COLOR", "a 'quoted' one"));
        Settings settings = new Settings(true, true, login, Place.LIMITS, Optional.empty());
        try (Place place = new Place(folder, settings)) {
            Path key = place.key("operator");
            Map<String, ?> opened = place.opened(key, Map.of());
            assertEquals("nobody", opened.get("user"));
            String sleep = Own.command("sleep", 2041);
            try (Operator operator = new Operator(opened, key, "xterm", new Size(90, 30))) {
                operator.type("id -un; echo \"<$COLOR>\"; stty size; : > $(tty) && echo owned-$((40+2)); "
                        + Own.command("sleep", 1000) + "\n");
                operator.sees("nobody\r\n<a 'quoted' one>\r\n30 90\r\nowned-42");
                operator.type("\u0003");
                operator.type("(setsid " + sleep + " &); exit 4\n");
                assertEquals(4, operator.exitCode());
            }
            place.closed();
            assertEquals(0, Own.running(sleep));
        }
    }

    @Test
    void hasNothingOfTheGatewaysEnvironment() throws Exception {
        try (Place place = Place.of(folder);
                Operator operator = Operator.at(place, "xterm; reboot", new Size(80, 24))) {
            operator.sees("$ ");
            operator.type("env | sed 's/=.*//' | sort | tr '\\n' ' '; echo $TERM\n");
            operator.sees("\nENV GATEHOUSE_TERMINAL HOME LANG LOGNAME PATH PS1 PWD SHELL TERM USER dumb\r\n");
        }
    }

    @Test
    void isListedWhileItIsOpenAndThereAreNoMoreThanPermitted() throws Exception {
        try (Place place = Place.of(folder)) {
            Path key = place.key("operator");
            Map<String, ?> opened = place.opened(key, Map.of("ttl", "PT30M"));
            Outcome.Done listed = (Outcome.Done) new TerminalList(place.terminals).handle(Asked.with(Map.of()));
            Map<?, ?> one = (Map<?, ?>) ((List<?>) listed.result().get("terminals")).get(0);
            assertEquals(opened.get("id"), one.get("id"));
            assertEquals(opened.get("port"), one.get("port"));
            assertEquals("waiting", one.get("state"));
            assertEquals(Asked.KID, one.get("by"));
            assertEquals(opened.get("until"), one.get("until"));
            place.opened(key, Map.of());
            Outcome.Refused third = (Outcome.Refused) place.asked(Map.of("key", Place.line(key)));
            assertEquals("too-many", third.problem().type());
            TerminalClose close = new TerminalClose(place.terminals);
            assertTrue(close.handle(Asked.with(Map.of("id", opened.get("id")))) instanceof Outcome.Done);
            Outcome.Refused again = (Outcome.Refused) close.handle(Asked.with(Map.of("id", opened.get("id"))));
            assertEquals("unknown-terminal", again.problem().type());
            place.opened(key, Map.of());
        }
    }

    /** That a number is the one that it was. */
    private static final class Still implements java.util.function.Predicate<Object> {
        private Object last = -1;

        @Override
        public boolean test(Object now) {
            boolean isStill = now.equals(last);
            last = now;
            return isStill;
        }
    }
}

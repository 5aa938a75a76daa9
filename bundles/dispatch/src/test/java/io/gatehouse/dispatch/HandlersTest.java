package io.gatehouse.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.command.Outcome;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HandlersTest {
    private final Handlers handlers = new Handlers();

    private void add(String command, String key, long bundle, boolean isGuest) {
        handlers.add(
                new Handlers.Registered(command, key, () -> invocation -> Outcome.done(Map.of()), bundle, isGuest));
    }

    private Optional<Object> found(String command) {
        return handlers.find(command).map(Handlers.Registered::key);
    }

    @Test
    void guestTakesNoCommandFromTheHouseWhicheverCameFirst() {
        add("ping", "guest's", 2, true);
        assertEquals(Optional.of("guest's"), found("ping"));
        add("ping", "house's", 9, false);
        assertEquals(Optional.of("house's"), found("ping"));
    }

    @Test
    void guestDoesNotStandInWhileTheHousesHandlerIsReplaced() {
        add("ping", "guest's", 20, true);
        add("ping", "house's", 9, false);
        handlers.remove("house's");
        assertEquals(Optional.empty(), found("ping"));
        add("ping", "house's new", 9, false);
        assertEquals(Optional.of("house's new"), found("ping"));
    }

    @Test
    void bundleThatWasInstalledFirstCarriesItOut() {
        add("ping", "later", 20, false);
        add("ping", "earlier", 9, false);
        add("ping", "earlier's second", 9, false);
        assertEquals(Optional.of("earlier"), found("ping"));
        handlers.remove("earlier");
        assertEquals(Optional.of("earlier's second"), found("ping"));
    }

    @Test
    void guestsHaveCommandsOfTheirOwn() {
        add("wake", "one guest's", 20, true);
        add("wake", "another's", 21, true);
        assertEquals(Optional.of("one guest's"), found("wake"));
    }
}

package io.gatehouse.outbox;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Sends observations and events again that a broker acknowledged and lost. */
@Component
@Command("resend")
public final class ResendCommand implements CommandHandler {
    /** Of use for a gap, not for an archive. */
    private static final int MOST = 100_000;

    private static final Pattern BOOT = Pattern.compile("[0-9a-f]{16}");
    /** The largest whole number that every JSON reader reads exactly. */
    private static final long LARGEST = 1L << 53;

    private final DeviceOutbox outbox;

    @Activate
    public ResendCommand(@Reference DeviceOutbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException {
        Resent resent = outbox.resend(span(invocation.arguments()));
        return Outcome.done(Map.of("resent", resent.resent(), "missing", resent.missing()));
    }

    private static Span span(Members arguments) {
        String boot = arguments.string("boot");
        if (!BOOT.matcher(boot).matches()) {
            throw arguments.wrong("boot", boot, "16 hex digits, lower case, as in the user property boot");
        }
        long from = arguments.integer("from", 1, LARGEST);
        return new Span(boot, from, arguments.integer("to", from, from + MOST - 1));
    }
}

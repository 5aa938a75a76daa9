package io.gatehouse.cli.dev;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.LeftOut;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.SecurityEvent;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.TopicPattern;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;

/**
 * One version on its way to one device, followed by what that says: to the end of the change, and to the version's first reading. The
 * reading may be there before the report of the end, as the device proves what runs already. Used by one thread.
 */
public final class Shipment {
    private final String device;
    private final Wish wish;
    private final String bundle;
    private final Edition edition;
    private Optional<Instant> began = Optional.empty();
    private Optional<End> end = Optional.empty();
    private Optional<Happenings.Heard> reading = Optional.empty();
    private Optional<String> fails = Optional.empty();

    /**
     * How the change ended.
     *
     * @param leftOut why the device does without it, where it does
     * @param at when that was heard, as {@link System#nanoTime} has it
     */
    public record End(Report report, List<LeftOut> leftOut, long at) {
        public End {
            leftOut = List.copyOf(leftOut);
        }
    }

    /**
     * Follows what was published.
     *
     * @param bundle its symbolic name
     */
    Shipment(String device, Wish wish, String bundle, Edition edition) {
        this.device = device;
        this.wish = wish;
        this.bundle = bundle;
        this.edition = edition;
    }

    public String version() {
        return edition.version();
    }

    /** How it ended, once it did. */
    public Optional<End> end() {
        return end;
    }

    /** The first reading of this version; before the {@link #end}, none. */
    public Optional<Happenings.Heard> reading() {
        return isApplied() ? reading : Optional.empty();
    }

    /** Why it cannot read, where the device says that it tried in vain. */
    public Optional<String> fails() {
        return fails;
    }

    /** Whether there is nothing more to wait for. */
    public boolean isOver() {
        return end.isPresent()
                && (!isApplied()
                        || reading.isPresent()
                        || fails.isPresent()
                        || edition.topics().isEmpty());
    }

    public boolean isApplied() {
        return end.isPresent() && end.get().report().applied();
    }

    /** Whether the device has this very version now, as its report says: another feature of the device may name another. */
    public boolean isThere() {
        return isApplied()
                && end.get().report().bundles().stream()
                        .anyMatch(
                                each -> bundle.equals(each.value("symbolicName").orElse(""))
                                        && edition.version()
                                                .equals(each.value("version").orElse("")));
    }

    /** Why the device applied the rest and not this, one for each license that is missing. */
    public List<LeftOut> leftOut() {
        return end.map(End::leftOut).orElse(List.of());
    }

    /** Takes a message; one that is no news of this version changes nothing. */
    public void take(Happenings.Heard heard) {
        try {
            Message message = heard.message();
            Report.read(message, wish.resource())
                    .filter(report -> report.device().equals(device))
                    .filter(report -> report.speaksOf(wish.topic(), wish.digest()))
                    .ifPresent(report -> take(report, heard.at()));
            SecurityEvent.read(message)
                    .filter(event -> event.device().equals(device))
                    .filter(event ->
                            event.topic().equals(wish.topic()) && event.sha256().equals(wish.digest()))
                    .ifPresent(event -> take(Report.refused(device, event.problem()), heard.at()));
            if (message.topic().equals(device + "/event/collector")) {
                takeTrouble(Json.read(message.payload()));
            } else if (isReading(message.topic())) {
                takeReading(heard);
            }
        } catch (BadArgument ignored) {
            // not understood, so no news
        }
    }

    private void take(Report report, long at) {
        if (report.ended()) {
            List<LeftOut> leftOut = report.leftOut(wish.topic());
            end = end.or(() -> Optional.of(new End(report, leftOut, at)));
        } else if (report.step().equals("apply")) {
            began = began.or(() -> at(report.members()));
        }
    }

    private boolean isReading(String topic) {
        return topic.startsWith(device + "/")
                && edition.topics().stream()
                        .anyMatch(declared -> TopicPattern.covers(declared, topic.substring(device.length() + 1)));
    }

    /**
     * Until the end what was read last since the change began counts, as the version before may have read something while it was being
     * stopped; from the end on the first.
     */
    private void takeReading(Happenings.Heard heard) {
        Optional<Instant> at = at(Json.read(heard.message().payload()));
        boolean isOfThis = end.isPresent()
                || (began.isPresent() && at.isPresent() && !at.get().isBefore(began.get()));
        if (isOfThis && (end.isEmpty() || reading.isEmpty())) {
            reading = Optional.of(heard);
        }
    }

    private void takeTrouble(Members event) {
        boolean isOfThis = bundle.equals(event.value("bundle").orElse(""))
                && edition.version().equals(event.value("version").orElse(""));
        String state = event.optionalString("state").orElse("");
        if (isOfThis && !state.equals("recovered")) {
            fails = Optional.of(event.optionalString("collector").orElse("") + " " + state
                    + event.optionalString("cause").map(cause -> ": " + cause).orElse(""));
        }
    }

    private static Optional<Instant> at(Members members) {
        try {
            return members.optionalString("at").map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}

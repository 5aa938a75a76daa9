package io.gatehouse.cli.firmware;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Topic;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which devices a release is for, and what each last said of it. What speaks for no such device, or of something else, counts for nothing. */
final class Census {
    private static final String CANCELLED = "cancelled";

    private final Release release;
    private final Duration patience;
    private final Roster roster = new Roster();
    private final Map<String, Integer> takesPartFrom = new HashMap<>();
    private final Map<String, Heard> heard = new HashMap<>();
    private final Set<String> strange = new HashSet<>();
    private Instant asked;
    private Instant open;
    private boolean isOpen = true;

    /**
     * What a device said.
     *
     * @param at when it came to that
     */
    private record Heard(Report report, Instant at) {}

    /**
     * Nobody is known yet.
     *
     * @param patience for so long a device of a step is waited for
     */
    Census(Release release, Duration patience, Instant now) {
        this.release = release;
        this.patience = patience;
        this.asked = now;
        this.open = now;
    }

    /** More devices take part from now on. */
    void asked(Instant now) {
        asked = now;
    }

    /**
     * Takes a message if it tells of a device.
     *
     * @param kept whether the broker had it from before: then its own time counts
     * @return what the device said of this release, where that is news
     * @throws BadArgument the first time that a device of the scope says what nobody can read
     */
    Optional<Report> take(Message message, boolean kept, Instant now) {
        roster.take(message);
        Optional<Report> report;
        try {
            report = Report.read(message, Release.RESOURCE);
        } catch (BadArgument e) {
            if (strange.size() < roster.all().size() && strange.add(message.topic())) {
                throw e;
            }
            return Optional.empty();
        }
        return report.filter(told -> isOfThis(told) || heard.containsKey(told.device()))
                .filter(told -> isNews(told, kept, now) && isOfThis(told));
    }

    private boolean isOfThis(Report report) {
        return release.isSpokenOfBy(report) || release.isRunBy(report);
    }

    private boolean isNews(Report report, boolean kept, Instant now) {
        Instant at = kept ? said(report, now) : now;
        Heard before = heard.put(report.device(), new Heard(report, at));
        return before == null
                || !before.report().state().equals(report.state())
                || !before.report().step().equals(report.step());
    }

    private static Instant said(Report report, Instant now) {
        try {
            Instant at =
                    Instant.parse(String.valueOf(report.members().value("at").orElse("")));
            return at.isBefore(now) ? at : now;
        } catch (DateTimeException e) {
            return now;
        }
    }

    /** All devices of the scope. */
    List<Roster.Member> devices() {
        return roster.all().stream()
                .filter(member -> release.scope().covers(member.device(), member.place()))
                .toList();
    }

    /** Whether a device is of the scope. */
    boolean covers(String device) {
        return roster.find(device)
                .filter(member -> release.scope().covers(device, member.place()))
                .isPresent();
    }

    /** How many would take part. */
    int takingPart(int percent) {
        return (int)
                devices().stream().filter(member -> takesPart(member, percent)).count();
    }

    private boolean takesPart(Roster.Member member, int percent) {
        return !isOverruled(member) && isIncluded(member, percent);
    }

    /** Whether a narrower scope wants another firmware of it, so that what it says is of that. */
    private boolean isOverruled(Roster.Member member) {
        Heard told = heard.get(member.device());
        List<String> scopes = scopes(member);
        int ours = scopes.indexOf(release.scope().path());
        return told != null
                && told.report().desired().keySet().stream()
                        .flatMap(topic -> Topic.parse(topic).stream())
                        .anyMatch(topic -> scopes.indexOf(topic.scope()) > ours);
    }

    /** From widest to narrowest. */
    private static List<String> scopes(Roster.Member member) {
        try {
            return DeviceName.parse(member.device()).scopes(member.place());
        } catch (IllegalArgumentException e) {
            return List.of(); // no device of ours is called so
        }
    }

    private boolean isIncluded(Roster.Member member, int percent) {
        return takesPartFrom.computeIfAbsent(member.device(), release::takesPartFrom) <= percent;
    }

    /** How far those are that take part. */
    Count count(int percent, Instant now) {
        List<Standing> standings = new ArrayList<>();
        for (Roster.Member member : devices()) {
            if (takesPart(member, percent)) {
                standings.add(standing(member, now));
            }
        }
        return Count.of(standings);
    }

    /** How far all are that ever took part or would: who came to an end before fewer did stands where it stood. */
    Count countAll(Instant now) {
        return count(100, now);
    }

    /** When the last of those that take part came to an end. */
    Optional<Instant> lastEnd(int percent) {
        return devices().stream()
                .filter(member -> takesPart(member, percent))
                .flatMap(member -> Optional.ofNullable(heard.get(member.device())).stream())
                .filter(told -> told.report().ended())
                .map(Heard::at)
                .max(Comparator.naturalOrder());
    }

    /** Devices that take part and have not come to an end, so that they would begin or go on. */
    List<Roster.Member> goingOn(int percent, Instant now) {
        return devices().stream()
                .filter(member -> takesPart(member, percent))
                .filter(member -> {
                    Standing standing = standing(member, now);
                    return standing != Standing.APPLIED && standing != Standing.FAILED && !isCancelled(member);
                })
                .toList();
    }

    /** Devices that take part by the one share and not by the other, and gave it up earlier because they were told to. */
    List<Roster.Member> cancelled(int before, int percent) {
        return devices().stream()
                .filter(member -> takesPart(member, percent) && !takesPart(member, before) && isCancelled(member))
                .toList();
    }

    private boolean isCancelled(Roster.Member member) {
        Heard told = heard.get(member.device());
        return told != null
                && release.isSpokenOfBy(told.report())
                && problem(told.report()).equals(CANCELLED);
    }

    private static String problem(Report report) {
        return report.problem().map(Problem::type).orElse("");
    }

    private Standing standing(Roster.Member member, Instant now) {
        Heard told = heard.get(member.device());
        if (told == null || !isOfThis(told.report())) {
            return notBegun(member, now);
        }
        Report report = told.report();
        if (release.isRunBy(report)) {
            return Standing.APPLIED;
        }
        if (isCancelled(member)) {
            return Standing.LATE;
        }
        if (report.state().equals("failed") && report.members().has("next")) {
            return isOver(asked, now) ? Standing.FAILED : Standing.WORKING; // it tries again by itself
        }
        if (report.ended() && !report.applied()) {
            return Standing.FAILED;
        }
        if (report.state().equals("applying")) {
            // also where it is away: it restarts for this
            return isOver(later(told.at(), asked), now) ? Standing.FAILED : Standing.WORKING;
        }
        return notBegun(member, now);
    }

    private Standing notBegun(Roster.Member member, Instant now) {
        if (!member.online()) {
            return Standing.OFFLINE;
        }
        return isOver(asked, now) ? Standing.LATE : Standing.WORKING;
    }

    /** Whether a device had time enough since; while the window is closed, none passes. */
    private boolean isOver(Instant since, Instant now) {
        return isOpen && now.isAfter(later(since, open).plus(patience));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** To be told from time to time, so that it sees the window open. */
    void time(Instant now) {
        boolean opens = release.firmware()
                .window()
                .map(window -> window.opensIn(now).isZero())
                .orElse(true);
        if (opens && !isOpen) {
            open = now;
        }
        isOpen = opens;
    }
}

package io.gatehouse.protocol;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.command.Members;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code spec} of {@code S/desired/firmware}.
 *
 * @param version what people call it
 * @param sequence orders versions
 * @param compatible the machines that it is for, as {@link io.gatehouse.api.firmware.RunningSystem#compatible} has it
 * @param image what the engine takes
 * @param allowDowngrade whether a machine with a higher sequence goes back to it
 * @param withoutFallback whether a machine that could not go back by itself takes it
 * @param window when a machine may take it; always, where there is none
 */
public record Firmware(
        String version,
        long sequence,
        String compatible,
        Artifact image,
        boolean allowDowngrade,
        boolean withoutFallback,
        Optional<Window> window) {
    private static final int LONGEST = 100;

    /**
     * Reads it.
     *
     * @throws io.gatehouse.api.command.BadArgument naming the member that is missing or will not do
     */
    public static Firmware read(Members members) {
        return new Firmware(
                name(members, "version"),
                members.integer("sequence", 0, Long.MAX_VALUE),
                name(members, "compatible"),
                ArtifactMembers.read(members),
                members.bool("allowDowngrade", false),
                members.bool("withoutFallback", false),
                members.optionalObject("window").map(Firmware::window));
    }

    /** The {@code spec}. */
    public Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("version", version);
        members.put("sequence", sequence);
        members.put("compatible", compatible);
        members.put("sha256", image.sha256().hex());
        members.put("size", image.size());
        image.url().ifPresent(url -> members.put("url", url.toString()));
        if (allowDowngrade) {
            members.put("allowDowngrade", true);
        }
        if (withoutFallback) {
            members.put("withoutFallback", true);
        }
        window.ifPresent(open -> members.put("window", write(open)));
        return members;
    }

    /** In an order, so that the same document has the same bytes in each process. */
    private static Map<String, Object> write(Window open) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("from", open.from().toString());
        members.put("to", open.to().toString());
        members.put("zone", open.zone().getId());
        return members;
    }

    private static Window window(Members members) {
        LocalTime from = time(members, "from");
        LocalTime to = time(members, "to");
        if (from.equals(to)) {
            throw members.wrong("to", to, "another time than from");
        }
        String zone = members.string("zone");
        try {
            return new Window(from, to, ZoneId.of(zone));
        } catch (DateTimeException e) {
            throw members.wrong("zone", zone, "a time zone such as Asia/Taipei or UTC");
        }
    }

    private static LocalTime time(Members members, String name) {
        String text = members.string(name);
        try {
            return LocalTime.parse(text);
        } catch (DateTimeException e) {
            throw members.wrong(name, text, "a time of day such as 02:00");
        }
    }

    private static String name(Members members, String member) {
        String name = members.string(member);
        if (name.isBlank() || name.length() > LONGEST) {
            throw members.wrong(member, name, "1 to " + LONGEST + " characters");
        }
        return name;
    }
}

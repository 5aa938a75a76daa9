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
 * @param chunks the image's {@link io.gatehouse.protocol.chunk.ChunkIndex}, by which a machine fetches only what it lacks
 * @param accepted what else than the usual is taken
 * @param window when a machine may take it; always, where there is none
 */
public record Firmware(
        String version,
        long sequence,
        String compatible,
        Artifact image,
        Optional<Artifact> chunks,
        Accepted accepted,
        Optional<Window> window) {
    private static final int LONGEST = 100;

    /**
     * What a machine would refuse otherwise.
     *
     * @param downgrade whether a machine with a higher sequence goes back to it
     * @param noFallback whether a machine that could not go back by itself takes it
     */
    public record Accepted(boolean downgrade, boolean noFallback) {}

    /** Without chunks. */
    public Firmware(
            String version,
            long sequence,
            String compatible,
            Artifact image,
            boolean allowDowngrade,
            boolean withoutFallback,
            Optional<Window> window) {
        this(
                version,
                sequence,
                compatible,
                image,
                Optional.empty(),
                new Accepted(allowDowngrade, withoutFallback),
                window);
    }

    /** Whether a machine with a higher sequence goes back to it. */
    public boolean allowDowngrade() {
        return accepted.downgrade();
    }

    /** Whether a machine that could not go back by itself takes it. */
    public boolean withoutFallback() {
        return accepted.noFallback();
    }

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
                members.optionalObject("chunks").map(ArtifactMembers::read),
                new Accepted(members.bool("allowDowngrade", false), members.bool("withoutFallback", false)),
                members.optionalObject("window").map(Firmware::window));
    }

    /** The {@code spec}. */
    public Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("version", version);
        members.put("sequence", sequence);
        members.put("compatible", compatible);
        members.putAll(ArtifactMembers.write(image));
        chunks.ifPresent(index -> members.put("chunks", ArtifactMembers.write(index)));
        if (accepted.downgrade()) {
            members.put("allowDowngrade", true);
        }
        if (accepted.noFallback()) {
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

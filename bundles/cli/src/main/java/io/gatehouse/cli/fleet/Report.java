package io.gatehouse.cli.fleet;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a device says of a resource: {@code D/reported/<resource>}.
 *
 * @param progress 0 to 1
 * @param desired the SHA-256 of each payload it speaks of, by topic
 * @param members the whole of it
 */
public record Report(
        String device,
        String state,
        String step,
        double progress,
        Map<String, Object> desired,
        Optional<Problem> problem,
        Members members) {
    private static final Set<String> ENDS = Set.of("applied", "rolled-back", "refused", "failed");

    public Report {
        desired = Map.copyOf(desired);
    }

    /** The topic below a device. */
    public static String topic(String resource) {
        return "reported/" + resource;
    }

    /** Topic filter of every device's report. */
    public static String filter(String resource) {
        return "+/+/+/" + topic(resource);
    }

    /** What a device would say that would not even look at the wish, if it were not an event. */
    public static Report refused(String device, Problem problem) {
        Map<String, Object> members = Map.of("state", "refused", "problem", Reply.write(problem));
        return new Report(device, "refused", "", 1, Map.of(), Optional.of(problem), Members.of(members));
    }

    /**
     * Reads a message if it is a report of this resource.
     *
     * @throws io.gatehouse.api.command.BadArgument if it is none although its topic says so
     */
    public static Optional<Report> read(Message message, String resource) {
        return Devices.of(message.topic(), topic(resource)).map(device -> read(device, Json.read(message.payload())));
    }

    private static Report read(String device, Members members) {
        double progress = members.value("progress")
                .map(value -> value instanceof Number number ? (Double) number.doubleValue() : 0.0)
                .orElse(0.0);
        Map<String, Object> desired = members.optionalObject("desired")
                .<Map<String, Object>>map(topics -> new LinkedHashMap<>(topics.values()))
                .orElse(Map.of());
        Optional<Problem> problem = members.optionalObject("problem")
                .map(told -> new Problem(
                        told.optionalString("type").orElse("unknown"),
                        told.optionalString("title").orElse(""),
                        told.optionalString("detail").orElse("")));
        return new Report(
                device,
                members.string("state"),
                members.optionalString("step").orElse(""),
                progress,
                desired,
                problem,
                members);
    }

    /** Whether nothing more follows of this change. */
    public boolean ended() {
        return ENDS.contains(state);
    }

    /** Whether nothing more follows of what is wanted at this topic. */
    public boolean ended(String topic) {
        return ended() && leftOut(topic).stream().allMatch(LeftOut::isCertain);
    }

    public boolean applied() {
        return state.equals("applied");
    }

    /** Whether what is wanted at this topic is so, and not only what else is wanted. */
    public boolean applied(String topic) {
        return applied() && leftOut(topic).isEmpty();
    }

    /** Why the device leaves out what is wanted at this topic, one for each license; empty where it does not. */
    public List<LeftOut> leftOut(String topic) {
        return LeftOut.in(members, topic);
    }

    /** Why the device leaves features out, whatever topic they are wanted at. */
    public List<LeftOut> leftOut() {
        return LeftOut.in(members);
    }

    /** Whether it speaks of exactly this payload at this topic. */
    public boolean speaksOf(String topic, String digest) {
        return digest.equals(desired.get(topic));
    }

    public boolean mentions(String topic) {
        return desired.containsKey(topic);
    }

    public List<Members> bundles() {
        return members.objects("bundles");
    }
}

package io.gatehouse.protocol;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.command.Problem;
import java.util.LinkedHashMap;
import java.util.Map;

/** The payload of a reply to a command. */
public sealed interface Reply permits Reply.Running, Reply.End {
    /** Not an end: how far it is. */
    record Running(double progress, String note) implements Reply {}

    /** The one end. */
    record End(Outcome outcome) implements Reply {}

    /**
     * Reads a reply.
     *
     * @throws io.gatehouse.api.command.BadArgument if it is none
     */
    static Reply read(byte[] payload) {
        Members members = Json.read(payload);
        String state = members.string("state");
        return switch (state) {
            case "running" ->
                new Running(progress(members), members.optionalString("note").orElse(""));
            case "done" ->
                new End(new Outcome.Done(
                        members.optionalObject("result").map(Members::values).orElse(Map.of())));
            case "refused" -> new End(new Outcome.Refused(problem(members.object("problem"))));
            case "failed" -> new End(new Outcome.Failed(problem(members.object("problem"))));
            default -> throw members.wrong("state", state, "running, done, refused or failed");
        };
    }

    /** The payload. */
    default byte[] write() {
        Map<String, Object> members = new LinkedHashMap<>();
        if (this instanceof Running running) {
            members.put("state", "running");
            members.put("progress", running.progress());
            members.put("note", running.note());
        } else if (this instanceof End end) {
            members.putAll(write(end.outcome()));
        }
        return Json.write(members);
    }

    /** An end as JSON values. */
    static Map<String, Object> write(Outcome outcome) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (outcome instanceof Outcome.Done done) {
            members.put("state", "done");
            members.put("result", done.result());
        } else if (outcome instanceof Outcome.Refused refused) {
            members.put("state", "refused");
            members.put("problem", write(refused.problem()));
        } else if (outcome instanceof Outcome.Failed failed) {
            members.put("state", "failed");
            members.put("problem", write(failed.problem()));
        }
        return members;
    }

    /** A problem as JSON values. */
    static Map<String, Object> write(Problem problem) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", problem.type());
        members.put("title", problem.title());
        members.put("detail", problem.detail());
        return members;
    }

    private static double progress(Members members) {
        Object progress = members.value("progress").orElse(0);
        if (progress instanceof Number number) {
            return number.doubleValue();
        }
        throw members.wrong("progress", progress, "a number");
    }

    private static Problem problem(Members members) {
        return new Problem(
                members.string("type"),
                members.optionalString("title").orElse(""),
                members.optionalString("detail").orElse(""));
    }
}

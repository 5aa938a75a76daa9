package io.gatehouse.cli.firmware;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Call;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Firmware;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.trust.ProtectedHeader;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Commands to devices one by one, also to those that are away and will find it when they come back. */
final class Orders {
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(10);

    private final Fleet fleet;
    private final Signer signer;
    private final Screen screen;
    private final Consumer<Message> others;

    /**
     * Nothing is ordered yet.
     *
     * @param others who wants all messages that are no answers, such as reports that come meanwhile
     */
    Orders(Fleet fleet, Signer signer, Screen screen, Consumer<Message> others) {
        this.fleet = fleet;
        this.signer = signer;
        this.screen = screen;
        this.others = others;
    }

    /**
     * Gives a command to each, waits a while for those that are there, and says what came of it.
     *
     * @param firmware that is meant: a device that finds the command late may be told to take another one by then
     */
    void give(String command, Firmware firmware, Collection<Roster.Member> devices)
            throws Trouble, InterruptedException {
        Map<String, Call> calls = new LinkedHashMap<>();
        Map<String, Object> which = Map.of("sequence", firmware.sequence());
        for (Roster.Member member : devices) {
            Call call = Call.of(fleet, new Scope(member.device()), command, which, ProtectedHeader.LONGEST_LIFE);
            CompletableFuture<Void> unused = fleet.send(signer.sign(call.message())); // its answer is awaited below
            if (member.online()) {
                calls.put(member.device(), call);
            }
        }
        int there = calls.size();
        Optional<Problem> refusal = await(calls);
        screen.note(command + " to " + devices.size() + " devices: " + (there - calls.size()) + " of the " + there
                + " that are online answered"
                + refusal.map(problem -> ", one of them " + Plain.safe(Ends.words(problem)))
                        .orElse(""));
    }

    /** What is answered is taken out; the last that was no. */
    private Optional<Problem> await(Map<String, Call> calls) throws InterruptedException {
        Optional<Problem> refusal = Optional.empty();
        long end = System.nanoTime() + ANSWERS_WITHIN.toNanos();
        while (!calls.isEmpty()) {
            Optional<Message> next = fleet.next(Duration.ofNanos(end - System.nanoTime()));
            if (next.isEmpty()) {
                return refusal;
            }
            boolean isAnswer = false;
            for (Map.Entry<String, Call> call : Map.copyOf(calls).entrySet()) {
                Optional<Reply.End> reply = end(call.getValue(), next.get());
                if (reply.isPresent()) {
                    isAnswer = true;
                    calls.remove(call.getKey());
                    Optional<Problem> before = refusal;
                    refusal = Ends.problem(reply.get().outcome()).or(() -> before);
                }
            }
            if (!isAnswer) {
                others.accept(next.get());
            }
        }
        return refusal;
    }

    private static Optional<Reply.End> end(Call call, Message message) {
        try {
            return call.answer(message)
                    .map(Call.Answer::reply)
                    .filter(Reply.End.class::isInstance)
                    .map(Reply.End.class::cast);
        } catch (BadArgument e) {
            return Optional.empty(); // no answer that anybody could read
        }
    }
}

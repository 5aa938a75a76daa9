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
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.trust.ProtectedHeader;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Commands to devices one by one, also to those that are away and will find it when they come back. */
final class Orders {
    private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(10);

    private final Fleet fleet;
    private final Signer signer;
    private final Screen screen;

    Orders(Fleet fleet, Signer signer, Screen screen) {
        this.fleet = fleet;
        this.signer = signer;
        this.screen = screen;
    }

    /** Gives a command without arguments to each, waits a while for those that are there, and says what came of it. */
    void give(String command, Collection<Roster.Member> devices) throws Trouble, InterruptedException {
        Map<String, Call> calls = new LinkedHashMap<>();
        for (Roster.Member member : devices) {
            Call call = Call.of(fleet, new Scope(member.device()), command, Map.of(), ProtectedHeader.LONGEST_LIFE);
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
            for (Map.Entry<String, Call> call : Map.copyOf(calls).entrySet()) {
                Optional<Reply.End> reply = end(call.getValue(), next.get());
                if (reply.isPresent()) {
                    calls.remove(call.getKey());
                    Optional<Problem> before = refusal;
                    refusal = Ends.problem(reply.get().outcome()).or(() -> before);
                }
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

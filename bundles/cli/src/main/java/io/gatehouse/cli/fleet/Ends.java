package io.gatehouse.cli.fleet;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.command.Problem;
import java.util.Optional;

/** The ends of commands in words, with what devices wrote as they wrote it. */
public final class Ends {
    private Ends() {}

    /** {@code done}, {@code refused} or {@code failed}. */
    public static String word(Outcome end) {
        return end instanceof Outcome.Done ? "done" : end instanceof Outcome.Refused ? "refused" : "failed";
    }

    public static Optional<Problem> problem(Outcome end) {
        if (end instanceof Outcome.Refused refused) {
            return Optional.of(refused.problem());
        }
        return end instanceof Outcome.Failed failed ? Optional.of(failed.problem()) : Optional.empty();
    }

    public static String words(Problem problem) {
        return problem.detail().isEmpty() ? problem.type() : problem.type() + ": " + problem.detail();
    }

    /**
     * What a device did.
     *
     * @throws Trouble if it did not do it; it says what helps, where something does
     */
    public static Outcome.Done done(String device, String command, Outcome end) throws Trouble {
        if (end instanceof Outcome.Done done) {
            return done;
        }
        String why = problem(end)
                .map(problem -> words(problem)
                        + Remedy.of(command, problem)
                                .map(remedy -> "; what helps: " + remedy)
                                .orElse(""))
                .orElse("");
        throw new Trouble(Trouble.Kind.REFUSED, device + ": " + command + " " + word(end) + ", " + why);
    }
}

package io.gatehouse.testkit.gateway;

import io.gatehouse.api.command.Problem;

/** The gateway did not do what it was told to have: it refused, or went back. Nothing of it is left, and it is not wanted any more. */
public final class NotApplied extends Exception {
    private static final long serialVersionUID = 1L;

    private final String state;
    private final transient Problem problem;

    NotApplied(String what, String state, Problem problem) {
        super(what + ": " + state + ": " + problem.type() + ": " + problem.detail());
        this.state = state;
        this.problem = problem;
    }

    /** {@code refused}, {@code rolled-back} or {@code failed}; of a license also {@code waiting}, {@code ended} or {@code revoked}. */
    public String state() {
        return state;
    }

    /** Why, in the gateway's words. */
    public Problem problem() {
        return problem;
    }
}

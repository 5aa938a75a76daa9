package io.gatehouse.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Problem;
import io.gatehouse.protocol.trust.Admission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RemedyTest {
    @Test
    void dependsOnTheCommandWhereItRefuses() {
        Problem tooMany = new Problem("too-many", "");
        assertTrue(Remedy.of("tunnel.open", tooMany).orElseThrow().contains("gatehouse tunnel close"));
        assertTrue(Remedy.of("terminal.open", tooMany).isEmpty());
        assertTrue(Remedy.of("tunnel.open", new Problem("expired", "")).isPresent());
    }

    @ParameterizedTest
    @EnumSource(Admission.Reason.class)
    void thereIsOneForEachReason(Admission.Reason reason) {
        assertTrue(Remedy.of(new Problem(reason.word(), "")).isPresent());
    }
}

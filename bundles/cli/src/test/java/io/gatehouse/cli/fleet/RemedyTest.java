package io.gatehouse.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Problem;
import io.gatehouse.protocol.trust.Admission;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RemedyTest {
    @ParameterizedTest
    @EnumSource(Admission.Reason.class)
    void thereIsOneForEachReason(Admission.Reason reason) {
        assertTrue(Remedy.of(new Problem(reason.word(), "")).isPresent());
    }
}

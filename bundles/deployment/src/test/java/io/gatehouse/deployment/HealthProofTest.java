package io.gatehouse.deployment;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.Complaint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

@Timeout(30)
class HealthProofTest {
    @TempDir
    Path folder;

    private Framework framework;
    private Bundle app;
    private HealthProof proof;

    @BeforeEach
    void open() throws Exception {
        framework = new Framework(folder.resolve("cache"), "");
        app = framework.start(new TestJars(folder).bundle("acme.app", "1.0.0"));
        proof = new HealthProof(framework.context(), Duration.ofMillis(200));
    }

    @AfterEach
    void close() throws IOException {
        framework.close();
    }

    @Test
    void greenAndYellowAreWell() throws Exception {
        check("modem", () -> new Result(Result.Status.OK, "fine"));
        check("sim", () -> new Result(Result.Status.WARN, "slow"));
        assertEquals(List.of(), complaints());
    }

    @Test
    void redIsToldInTheCheckOwnWords() throws Exception {
        check("modem", () -> new Result(Result.Status.CRITICAL, "no modem at slot 1"));
        assertEquals(List.of("health check modem of acme.app says CRITICAL: no modem at slot 1"), complaints());
    }

    @Test
    void notYetIsNotWellAndMayPass() throws Exception {
        check("modem", () -> new Result(Result.Status.TEMPORARILY_UNAVAILABLE, "starting"));
        assertEquals(
                List.of(Complaint.passing("health check modem of acme.app says TEMPORARILY_UNAVAILABLE: starting")),
                proof.complaints(Set.of("acme.app")));
    }

    @Test
    void redDoesNotPass() throws Exception {
        check("modem", () -> new Result(Result.Status.CRITICAL, "no modem"));
        assertEquals(
                List.of(Complaint.of("health check modem of acme.app says CRITICAL: no modem")),
                proof.complaints(Set.of("acme.app")));
    }

    @Test
    void anExceptionIsAnAnswer() throws Exception {
        check("modem", () -> {
            throw new IllegalStateException("oops");
        });
        assertTrue(complaints().get(0).contains("oops"));
    }

    @Test
    void checksOfBundlesThatWereNotTouchedAreNotRun() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        check("modem", () -> {
            runs.incrementAndGet();
            return new Result(Result.Status.CRITICAL, "bad");
        });
        assertEquals(List.of(), proof.complaints(Set.of("acme.other")));
        assertEquals(0, runs.get());
    }

    @Test
    void aCheckThatHangsIsAComplaintAndIsNotRunTwice() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        check("modem", () -> {
            runs.incrementAndGet();
            awaitUninterruptibly(release);
            return new Result(Result.Status.OK, "at last");
        });
        List<String> complaints = complaints();
        assertTrue(complaints.get(0).contains("did not answer within PT0.2S"), complaints.toString());
        assertEquals(complaints, complaints());
        assertEquals(1, runs.get());
        release.countDown();
        await().until(() -> complaints().isEmpty());
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // as a check that heeds no interrupt
            }
        }
    }

    private List<String> complaints() throws InterruptedException {
        return proof.complaints(Set.of("acme.app")).stream()
                .map(Complaint::words)
                .toList();
    }

    private void check(String name, HealthCheck check) {
        app.getBundleContext().registerService(HealthCheck.class, check, Framework.properties(HealthCheck.NAME, name));
    }
}

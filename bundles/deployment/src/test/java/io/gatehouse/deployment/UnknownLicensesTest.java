package io.gatehouse.deployment;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gatehouse.api.desired.Desired;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Licenses while nobody can tell of them: after a start, or while whoever grants them is replaced. */
@Timeout(30)
class UnknownLicensesTest extends LicensedFixture {
    @Test
    void whatRunsStaysAsLongAsNobodyCanTellAndGoesWhenItIsTold() {
        granted();
        restart();
        reconciler.desired(List.of(rainy, plain));
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertFalse(fleet.outbox.last().containsKey("unlicensed"));
        assertEquals(1, fleet.software.changes.size());
        fleet.licensing.begin();
        commit(2);
        assertEquals(List.of("acme.lib"), running());
    }

    @Test
    void afterARestartWithItsLicenseNothingIsDone() {
        granted();
        restart();
        reconciler.desired(List.of(rainy, plain));
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        fleet.licensing.begin(LICENSE);
        reconciler.desired(List.of(plain));
        await().until(() -> fleet.software.changes.size() == 2);
        assertEquals(
                Documents.digests(List.of(plain)), fleet.software.changes.get(1).desired());
    }

    @Test
    void whatIsNewWaitsForWhoeverCanTellAndHoldsNothingUp() {
        reconciler.desired(List.of(rainy, plain));
        commit(1);
        assertEquals(List.of("acme.lib"), running());
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        Map<String, Object> unknown = new HashMap<>(leftOut(rainy, "com.acme.rain"));
        unknown.put("problem", "no-licensing");
        assertEquals(List.of(unknown), fleet.outbox.last().get("unlicensed"));
        fleet.licensing.begin(LICENSE);
        commit(2);
        assertEquals(List.of("acme.lib", "com.acme.rain"), running());
    }

    @Test
    void whatIsUpdatedWhileNobodyCanTellIsUpdated() throws Exception {
        granted();
        fleet.licensing.end();
        Desired next = wanted("rain", TestJars.feature("acme:rain:2", licensed("com.acme.rain", "2.0.0", LICENSE)));
        reconciler.desired(List.of(next, plain));
        commit(2);
        assertEquals("2.0.0", part("com.acme.rain").version());
    }

    @Test
    void replacingWhoeverGrantsThemChangesNothing() {
        granted();
        fleet.licensing.end();
        fleet.licensing.begin(LICENSE);
        reconciler.desired(List.of(rainy));
        commit(2);
        assertEquals(List.of("com.acme.rain"), running());
    }

    @Test
    void afterAPowerCutWhatWasLeftOutStillIsWithoutBeingFetchedAgain() {
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy, plain));
        commit(1);
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        fleet.artifacts.served.clear();
        restart();
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy, plain));
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        assertEquals(List.of("applied"), fleet.outbox.told());
        assertEquals(
                List.of(leftOut(rainy, "com.acme.rain")), fleet.outbox.last().get("unlicensed"));
    }

    @Test
    void aLicenseThatCameWhileTheProcessWasDownIsNotMissed() {
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy, plain));
        commit(1);
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        fleet.artifacts.served.clear();
        restart();
        fleet.forgetOthers(); // as a runtime slot does when it starts
        reconciler.desired(List.of(rainy, plain));
        fleet.licensing.begin(LICENSE);
        commit(2);
        assertEquals(List.of("acme.lib", "com.acme.rain"), running());
    }

    @Test
    void aPowerCutBeforeTheLicensedFeatureIsCommittedLosesNothing() {
        fleet.licensing.begin();
        reconciler.desired(List.of(rainy, plain));
        commit(1);
        await().until(() -> fleet.outbox.lastState().equals("applied"));
        fleet.artifacts.served.clear();
        fleet.licensing.grant(LICENSE);
        await().until(() -> fleet.software.changes.size() == 2);
        fleet.software.isChanging = false;
        restart();
        fleet.forgetOthers();
        fleet.licensing.begin(LICENSE);
        reconciler.desired(List.of(rainy, plain));
        commit(3);
        assertEquals(List.of("acme.lib", "com.acme.rain"), running());
    }
}

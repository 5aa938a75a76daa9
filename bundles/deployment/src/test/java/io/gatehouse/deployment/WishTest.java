package io.gatehouse.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.Feature;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WishTest {
    private static final int WORLD = 0;
    private static final int FAMILY = 1;
    private static final int DEVICE = 2;

    @Test
    void ofTwoFeaturesOfOneNameTheNarrowerScopesWins() throws Refused {
        Wish wish = Wish.of(List.of(
                desired("dwr/x/1", DEVICE, feature("acme:modbus:1.0.0", "narrow")),
                desired("dwr", FAMILY, feature("acme:modbus:2.0.0", "wide")),
                desired("world", WORLD, feature("acme:other:1.0.0", "other"))));
        assertEquals(List.of("acme:other:1", "acme:narrow:1"), bundles(wish));
    }

    @Test
    void configurationDocumentsLieOverWhatFeaturesBringNarrowOverWide() throws Refused {
        Map<String, Object> feature = Map.of(
                "feature-resource-version", "1.0",
                "id", "acme:m:1",
                "configurations", Map.of("acme.pid", Map.of("host", "feature", "port:Integer", 1, "rest", "feature")));
        Wish wish = Wish.of(List.of(
                desired("dwr/x/1", DEVICE, feature),
                configuration("dwr/x/1", DEVICE, Map.of("port", 3)),
                configuration("dwr", FAMILY, Map.of("host", "family", "port", 2)),
                configuration("world", WORLD, Map.of("host", "world"))));
        assertEquals(Map.of("acme.pid", Map.of("host", "family", "port", 3, "rest", "feature")), wish.configurations());
        assertEquals(4, wish.desired().size());
    }

    @Test
    void refusesConfigurationDocumentsThatAreNone() {
        for (Object spec : List.of("text", Map.of("port:Integer", "many"), List.of())) {
            Refused refused = assertThrows(Refused.class, () -> Wish.of(List.of(configuration("dwr", FAMILY, spec))));
            assertEquals("bad-configuration", refused.problem().type());
            assertTrue(refused.getMessage().startsWith("dwr/desired/configuration/acme.pid: "), refused::getMessage);
        }
        Desired noPid = new Desired(
                "dwr/desired/configuration", 1, Optional.empty(), Map.of(), "1", Optional.of(Fleet.SIGNATURE));
        assertEquals(
                "bad-configuration",
                assertThrows(Refused.class, () -> Wish.of(List.of(noPid)))
                        .problem()
                        .type());
    }

    private static Desired configuration(String scope, int breadth, Object spec) {
        return new Desired(
                scope + "/desired/configuration/acme.pid",
                breadth,
                Optional.of("acme.pid"),
                spec,
                "digest of " + scope,
                Optional.of(Fleet.SIGNATURE));
    }

    @Test
    void twoFeaturesOfOneNameAtOneScopeAreRefused() {
        Refused refused = assertThrows(
                Refused.class,
                () -> Wish.of(List.of(
                        new Desired(
                                "dwr/desired/feature/a",
                                1,
                                Optional.of("a"),
                                feature("acme:m:1", "a"),
                                "1",
                                Optional.of(Fleet.SIGNATURE)),
                        new Desired(
                                "dwr/desired/feature/b",
                                1,
                                Optional.of("b"),
                                feature("acme:m:2", "b"),
                                "2",
                                Optional.of(Fleet.SIGNATURE)))));
        assertEquals("two-features", refused.problem().type());
        assertTrue(refused.problem().detail().contains("dwr/desired/feature/a and dwr/desired/feature/b"));
    }

    @Test
    void twoFeaturesOfOneNameAreNoTroubleWhereANarrowerScopeDecides() throws Refused {
        Wish wish = Wish.of(List.of(
                desired("dwr", FAMILY, feature("acme:m:1", "a")),
                desired("dwr2", FAMILY, feature("acme:m:2", "b")),
                desired("dwr/x/1", DEVICE, feature("acme:m:3", "c"))));
        assertEquals(List.of("acme:c:1"), bundles(wish));
    }

    @Test
    void everyTopicIsNamedAlsoWhereItsFeatureLost() throws Refused {
        Wish wish = Wish.of(List.of(
                desired("dwr", FAMILY, feature("acme:m:1", "a")),
                desired("dwr/x/1", DEVICE, feature("acme:m:3", "c"))));
        assertEquals(
                Map.of("dwr/desired/feature/f", "digest of dwr", "dwr/x/1/desired/feature/f", "digest of dwr/x/1"),
                wish.desired());
    }

    @Test
    void whatIsNoFeatureIsRefusedWithTopicAndMember() {
        Refused refused = assertThrows(
                Refused.class,
                () -> Wish.of(List.of(desired(
                        "dwr", FAMILY, Map.of("id", "acme:m:1", "bundles", List.of(Map.of("id", "acme:a:1")))))));
        assertEquals("bad-feature", refused.problem().type());
        assertEquals(
                "dwr/desired/feature/f: spec.bundles[0].sha256 is missing",
                refused.problem().detail());
    }

    @Test
    void aConfigurationOfAnUnknownTypeIsRefused() {
        Refused refused = assertThrows(
                Refused.class,
                () -> Wish.of(List.of(desired("dwr", FAMILY, configured("acme:m:1", Map.of("port:Integr", 1))))));
        assertEquals("bad-feature", refused.problem().type());
        assertTrue(refused.problem().detail().contains("pid.port has the type Integr"), refused.getMessage());
    }

    @Test
    void configurationsAreMergedKeyByKeyAndTheNarrowerWins() throws Refused {
        Wish wish = Wish.of(List.of(
                desired("dwr/x/1", DEVICE, configured("acme:b:1", Map.of("port:Long", 2L))),
                desired("dwr", FAMILY, configured("acme:a:1", Map.of("port:Integer", 1L, "host", "h")))));
        assertEquals(Map.of("pid", Map.of("port:Long", 2L, "host", "h")), wish.configurations());
    }

    @Test
    void oneKeyWithTwoValuesAtOneScopeIsRefused() {
        Refused refused = assertThrows(
                Refused.class,
                () -> Wish.of(List.of(
                        desired("dwr", FAMILY, configured("acme:a:1", Map.of("port", 1L))),
                        desired("dwr2", FAMILY, configured("acme:b:1", Map.of("port", 2L))))));
        assertEquals("two-configurations", refused.problem().type());
        assertTrue(refused.problem().detail().contains("pid.port"), refused.getMessage());
    }

    @Test
    void oneKeyWithOneValueInTwoFeaturesIsNoTrouble() throws Refused {
        Wish wish = Wish.of(List.of(
                desired("dwr", FAMILY, configured("acme:a:1", Map.of("port", 1L))),
                desired("dwr2", FAMILY, configured("acme:b:1", Map.of("port", 1L)))));
        assertEquals(Map.of("pid", Map.of("port", 1L)), wish.configurations());
    }

    private static Desired desired(String scope, int breadth, Object spec) {
        return new Desired(
                scope + "/desired/feature/f",
                breadth,
                Optional.of("f"),
                spec,
                "digest of " + scope,
                Optional.of(Fleet.SIGNATURE));
    }

    private static Map<String, Object> feature(String id, String bundle) {
        Artifact artifact = new Artifact(Sha256.of(bundle.getBytes()), 1, Optional.empty());
        return new Feature(id, List.of(new Feature.Bundle("acme:" + bundle + ":1", artifact)), Map.of()).write();
    }

    private static Map<String, Object> configured(String id, Map<String, Object> configuration) {
        return new Feature(id, List.of(), Map.of("pid", configuration)).write();
    }

    private static List<String> bundles(Wish wish) {
        return wish.choices().stream().map(choice -> choice.bundle().id()).toList();
    }
}

package io.gatehouse.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.Feature;
import io.gatehouse.software.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class SelectionTest {
    private final Map<Sha256, Jar> jars = new HashMap<>();
    private final List<Wish.Choice> choices = new ArrayList<>();

    @Test
    void narrowerScopeDecidesWhateverTheVersion() throws Refused {
        choose("lib", "2.0.0", "wide", 0);
        choose("lib", "1.0.0", "narrow", 3);
        choose("lib", "9.0.0", "wide too", 1);
        assertEquals(List.of("lib 1.0.0"), selected(List.of()));
    }

    @Test
    void atOneScopeTheHigherVersionRuns() throws Refused {
        choose("lib", "1.9.0", "a", 1);
        choose("lib", "1.10.0", "b", 1);
        choose("app", "1.0.0", "c", 1);
        assertEquals(List.of("lib 1.10.0", "app 1.0.0"), selected(List.of()));
    }

    @Test
    void differentBytesOfOneVersionAtOneScopeAreRefused() {
        choose("lib", "1.0.0", "a", 1);
        choose("lib", "1.0.0", "b", 1);
        assertEquals(
                "two-bundles",
                assertThrows(Refused.class, () -> selected(List.of())).problem().type());
    }

    @Test
    void differentBytesOfOneVersionAreNoTroubleWhereANarrowerScopeDecides() throws Refused {
        choose("lib", "1.0.0", "a", 1);
        choose("lib", "1.0.0", "b", 1);
        choose("lib", "0.5.0", "c", 2);
        assertEquals(List.of("lib 0.5.0"), selected(List.of()));
    }

    @Test
    void whatTheImageHasAlreadyNeedsNothingOverIt() throws Refused {
        Sha256 sha256 = choose("lib", "1.0.0", "a", 1);
        choose("app", "1.0.0", "b", 1);
        Part image = new Part("image:lib:1.0.0", "lib", "1.0.0", sha256.hex(), 1);
        assertEquals(List.of("app 1.0.0"), selected(List.of(image)));
    }

    @Test
    void whatDiffersFromTheImagesTakesItsPlaceAlsoWhereItIsOlder() throws Refused {
        choose("lib", "1.0.0", "a", 1);
        Part image = new Part(
                "image:lib:2.0.0", "lib", "2.0.0", Sha256.of("image".getBytes()).hex(), 1);
        assertEquals(List.of("lib 1.0.0"), selected(List.of(image)));
    }

    private Sha256 choose(String symbolicName, String version, String content, int breadth) {
        Sha256 sha256 = Sha256.of(content.getBytes());
        jars.put(sha256, new Jar(Path.of(content), symbolicName, Version.parseVersion(version), Map.of()));
        Artifact artifact = new Artifact(sha256, 1, Optional.empty());
        choices.add(new Wish.Choice(
                new Feature.Bundle("acme:" + symbolicName + ":" + version, artifact),
                "dwr/desired/feature/" + content,
                "acme:" + content + ":1",
                breadth,
                Optional.of(Fleet.SIGNATURE)));
        return sha256;
    }

    private List<String> selected(List<Part> factory) throws Refused {
        return Selection.parts(choices, jars, factory).stream()
                .map(part -> part.symbolicName() + " " + part.version())
                .toList();
    }
}

package io.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicPatternTest {
    @ParameterizedTest
    @CsvSource({
        "acme/rain, acme/rain, true",
        "acme/#, acme/rain, true",
        "acme/#, acme/#, true",
        "acme/rain, acme/#, false",
        "acme/rain, acme/raindrops, false",
        "acme/#, acmes/rain, false",
        "acme/#, acme, false",
        "#, acme/rain, false"
    })
    void coversWhatItIsOrIncludes(String pattern, String topic, boolean covers) {
        assertEquals(covers, TopicPattern.covers(pattern, topic));
    }

    @ParameterizedTest
    @CsvSource({
        "acme/rain, true",
        "acme/#, true",
        "#, false",
        "/#, false",
        "acme, false",
        "acme/a/#, false",
        "status/#, false"
    })
    void isAnObservationsTopicOrAllOfAnArea(String text, boolean is) {
        assertEquals(is, TopicPattern.isPattern(text));
    }

    @Test
    void aCapabilityDeclaresOneOrSeveralAndWithoutTheAttributeNoneThatExists() {
        assertEquals(List.of("a/#"), TopicPattern.declared(Map.of("topic", "a/#")));
        assertEquals(List.of("a/#", "b/c"), TopicPattern.declared(Map.of("topic", List.of("a/#", "b/c"))));
        assertEquals(List.of("null"), TopicPattern.declared(Map.of()));
    }
}

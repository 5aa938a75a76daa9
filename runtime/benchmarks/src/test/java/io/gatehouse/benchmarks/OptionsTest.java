package io.gatehouse.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OptionsTest {
    private static final List<String> ALL = List.of("start", "memory");

    @Test
    void runsAllWithoutNames() {
        assertEquals(new Options(ALL, false, Path.of("docs/benchmarks.md")), Options.parse(List.of(), ALL));
    }

    @Test
    void runsWhatIsNamed() {
        assertEquals(
                new Options(List.of("memory"), true, Path.of("x.md")),
                Options.parse(List.of("--quick", "--out", "x.md", "memory"), ALL));
    }

    @Test
    void namesWhatItDoesNotKnow() {
        Exception thrown = assertThrows(IllegalArgumentException.class, () -> Options.parse(List.of("swop"), ALL));
        assertTrue(thrown.getMessage().contains("swop"));
        assertTrue(thrown.getMessage().contains("memory"));
    }
}

package io.gatehouse.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JavaFlagsTest {
    @Test
    void takesFlagsButNoArchiveOfTheGateways() {
        JavaFlags flags = JavaFlags.of(
                List.of(
                        "java",
                        "-Xmx32m",
                        "-XX:SharedArchiveFile=/x/y.jsa",
                        "-XX:CompilerDirectivesFile=/x/y.json",
                        "-Xshare:auto",
                        "-Dx=y",
                        "-cp",
                        "a:b",
                        "Main"),
                Map.of());
        assertEquals(new JavaFlags(List.of("-Xmx32m", "-XX:CompilerDirectivesFile=/x/y.json"), true, Map.of()), flags);
    }
}

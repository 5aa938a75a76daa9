package io.gatehouse.software;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HealthTest {
    private static final Complaint OLD = Complaint.of("component a misses b");
    private static final Complaint NEW = Complaint.passing("no message came back");

    @Test
    void isNotWorseForWhatWasWrongBefore() {
        Health before = new Health(Map.of("components", Set.of(OLD)), Set.of("com.example.broken"));

        assertEquals(List.of(), before.worseThan(before));
        assertEquals(List.of(), new Health(Map.of("components", Set.of()), Set.of()).worseThan(before));
    }

    @Test
    void isWorseForWhatWasNotWrongBefore() {
        Health before = new Health(Map.of("components", Set.of(OLD), "path", Set.of()), Set.of());
        Health now = new Health(Map.of("components", Set.of(OLD), "path", Set.of(NEW)), Set.of("com.example.hello"));

        assertEquals(List.of(Complaint.of("com.example.hello is not active"), NEW), now.worseThan(before));
    }

    @Test
    void isWorseWhereAProofIsGone() {
        Health before = new Health(Map.of("path", Set.of()), Set.of());

        assertEquals(
                List.of(Complaint.of("what was there to tell whether all is well is gone: path")),
                new Health(Map.of(), Set.of()).worseThan(before));
    }
}

package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;

/** What a device says of the licenses that somebody on it waits for. */
final class AskingTest {
    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench(folder);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void whatNoFeatureCanBeCalledIsNotReported() throws Exception {
        ask("com.acme.rain");
        ask("com..acme");
        ask(".");
        ask("Rain");
        ask("a".repeat(101));
        ask("*");
        bench.pass(Duration.ofMinutes(1));
        assertEquals(List.of("com.acme.rain"), bench.report().get("unlicensed"));
    }

    @Test
    void whoAsksForThousandsFillsNoReport() throws Exception {
        List<String> first = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            String feature = "x".repeat(95) + (10_000 + i);
            ask(feature);
            if (i < 256) {
                first.add(feature);
            }
        }
        bench.pass(Duration.ofMinutes(1));
        assertEquals(first, bench.report().get("unlicensed"));
        assertTrue(Json.write(bench.report()).length < 32_768);
        int reports = bench.outbox.reports("license").size();
        ask("x".repeat(95) + 99_999);
        bench.pass(Duration.ofMinutes(1));
        assertEquals(reports, bench.outbox.reports("license").size());
    }

    @Test
    void whatIsAskedForMoreThanOnceGoesWithTheLastWhoAsks() throws Exception {
        ServiceListener one = ask("com.acme.rain");
        ServiceListener two = ask("com.acme.rain");
        bench.pass(Duration.ofMinutes(1));
        context().removeServiceListener(one);
        bench.pass(Duration.ofMinutes(1));
        assertEquals(List.of("com.acme.rain"), bench.report().get("unlicensed"));
        context().removeServiceListener(two);
        bench.pass(Duration.ofMinutes(1));
        assertEquals(List.of(), bench.report().get("unlicensed"));
    }

    private ServiceListener ask(String feature) throws InvalidSyntaxException {
        ServiceListener listener = new ServiceListener() {
            @Override
            public void serviceChanged(ServiceEvent event) {}
        };
        context().addServiceListener(listener, "(osgi.condition.id=license." + feature + ")");
        return listener;
    }

    private BundleContext context() {
        return bench.framework.getBundleContext();
    }
}

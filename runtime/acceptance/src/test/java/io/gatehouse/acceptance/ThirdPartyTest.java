package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Envelope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bundles of others, as they are published and as nobody made them for Gatehouse: they come, are updated and go by feature, vouched
 * for by who signed it, beside plug-ins that use them and a plug-in that does not.
 */
final class ThirdPartyTest {
    private static final String DEVICE = "dwr/311-a1/third-party";
    private static final String REPORT = DEVICE + "/reported/feature";

    @TempDir
    static Path folder;

    private static Artemis broker;
    private static GatewayProcess gateway;
    private static Operator operator;

    private final List<String> wished = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        broker = new Artemis(Files.createDirectories(folder.resolve("broker")));
        broker.start();
        gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"));
        operator = Operator.at(broker.uri());
        Path bystander = new Bundles(folder).bundle("com.acme.bystander", "1.0.0", Map.of(), "Bystander", """
                @org.osgi.service.component.annotations.Component
                @io.gatehouse.api.telemetry.Publishes(topic = "example/bystander", period = "PT0.2S")
                public class Bystander implements io.gatehouse.api.telemetry.Collector {
                    private final String born = java.util.UUID.randomUUID().toString();
                    public io.gatehouse.api.telemetry.Reading read() {
                        return io.gatehouse.api.telemetry.Reading.of("born", born);
                    }
                }
                """);
        String digest = operator.desire(DEVICE, "bystander", operator.feature("com.acme:bystander:1", bystander));
        assertApplied(operator.ended(DEVICE, DEVICE + "/desired/feature/bystander", digest));
    }

    @AfterAll
    static void stop() {
        operator.close();
        gateway.close();
        broker.close();
    }

    @BeforeEach
    void name(TestInfo test) {
        System.out.println("— " + test.getDisplayName());
    }

    /** Each test leaves the gateway as it found it. */
    @AfterEach
    void takeAllAway() {
        Set<String> left = new TreeSet<>(wished);
        left.retainAll(newest().object("desired").values().keySet());
        if (!left.isEmpty()) {
            int mark = operator.mark();
            left.forEach(topic -> operator.publish(topic, Envelope.REMOVED.write(), true));
            operator.await(
                    "what is left",
                    mark,
                    message -> message.topic().equals(REPORT)
                            && message.body().string("state").equals("applied")
                            && message.body().object("desired").values().keySet().stream()
                                    .noneMatch(left::contains));
        }
    }

    /** Each is another document, whose end is not taken for that of one before. */
    private Members desire(String name, Path... bundles) {
        String topic = DEVICE + "/desired/feature/" + name;
        wished.add(topic);
        String id = "com.acme:" + name + ":1.0." + operator.mark();
        String digest = operator.desire(DEVICE, name, operator.feature(id, bundles));
        return operator.ended(DEVICE, topic, digest);
    }

    private static void assertApplied(Members report) {
        assertEquals("applied", report.string("state"), () -> report.values().toString() + gateway.log());
    }

    private static Map<String, String> bundles(Members report) {
        Map<String, String> bundles = new TreeMap<>();
        for (Members bundle : report.objects("bundles")) {
            bundles.put(bundle.string("symbolicName"), bundle.string("version") + " " + bundle.string("state"));
        }
        return bundles;
    }

    private static void awaitSaid(ThirdParty family, List<String> jars, int mark) {
        String version = ThirdParty.version(jars.get(jars.size() - 1));
        operator.await(
                family.name() + " " + version,
                mark,
                message -> message.topic().equals(DEVICE + "/example/" + family.name())
                        && message.body().string("version").equals(version)
                        && message.body().string("says").equals(family.says()));
    }

    private static String born(int mark) {
        return operator.await("the bystander", mark, message -> message.topic().equals(DEVICE + "/example/bystander"))
                .body()
                .string("born");
    }

    @ParameterizedTest
    @MethodSource("io.gatehouse.acceptance.ThirdParty#all")
    void comesIsUpdatedAndGoes(ThirdParty family) {
        String born = born(0);
        Map<String, String> before = bundles(newest());
        Members installed = desire(family.name(), ThirdParty.jars(family.older()));
        assertApplied(installed);
        assertRuns(family.older(), installed);
        assertApplied(desire(family.name() + "-user", family.user(folder, Map.of())));
        awaitSaid(family, family.older(), 0);

        int mark = operator.mark();
        Members updated = desire(family.name(), ThirdParty.jars(family.newer()));
        assertApplied(updated);
        assertRuns(family.newer(), updated);
        Set<String> restarted = new TreeSet<>(family.restarted());
        restarted.add(family.user());
        assertEquals(restarted, new TreeSet<>(updated.strings("restarted")));
        awaitSaid(family, family.newer(), mark);

        assertApplied(operator.removed(DEVICE, DEVICE, family.name() + "-user"));
        Members removed = operator.removed(DEVICE, DEVICE, family.name());
        assertApplied(removed);
        Set<String> unwired = new TreeSet<>(family.restarted());
        family.newer().forEach(jar -> unwired.remove(ThirdParty.symbolicName(jar)));
        assertEquals(unwired, new TreeSet<>(removed.strings("restarted")));
        assertEquals(before, bundles(removed));
        assertEquals(born, born(operator.mark()), "what uses none of this goes on");
    }

    private static Members newest() {
        return operator.await("a report", message -> message.topic().equals(REPORT))
                .body();
    }

    private static void assertRuns(List<String> jars, Members report) {
        Map<String, String> bundles = bundles(report);
        for (String jar : jars) {
            String found = bundles.getOrDefault(ThirdParty.symbolicName(jar), "absent");
            assertTrue(
                    ThirdParty.states(jar).stream()
                            .anyMatch(state -> found.equals(ThirdParty.version(jar) + " " + state)),
                    () -> jar + " is " + found);
        }
    }

    private static void assertRefused(String type, String named, Members report) {
        assertEquals("refused", report.string("state"), () -> report.values().toString());
        assertEquals(type, report.object("problem").string("type"));
        String detail = report.object("problem").string("detail");
        assertTrue(detail.contains(named), () -> detail + " does not say " + named);
    }

    @Test
    void plugInGoesOnThroughUpdatesWithinItsRangeAndIsNamedWhereTheyLeaveIt() {
        ThirdParty gson = ThirdParty.gson();
        assertApplied(desire("gson", ThirdParty.jar("gson-2.10.1")));
        String range = "com.google.gson;version='[2.10,2.12)',*";
        assertApplied(desire("gson-user", gson.user(folder, Map.of("Import-Package", range))));
        awaitSaid(gson, List.of("gson-2.10.1"), 0);

        Members within = desire("gson", ThirdParty.jar("gson-2.11.0"));
        assertApplied(within);
        assertEquals(List.of("com.acme.user.gson"), within.strings("restarted"));
        awaitSaid(gson, List.of("gson-2.11.0"), 0);

        String wanted = "com.acme.user.gson 1.0.0 needs package com.google.gson version [2.10.0,2.12.0)";
        assertRefused("unresolved", wanted, desire("gson", ThirdParty.jar("gson-2.13.2")));
        int mark = operator.mark();
        awaitSaid(gson, List.of("gson-2.11.0"), mark);
        assertRefused("unresolved", wanted, operator.removed(DEVICE, DEVICE, "gson"));
        awaitSaid(gson, List.of("gson-2.11.0"), operator.mark());
    }

    @Test
    void whatAsksForAnExtenderIsRefusedByNameWhereThereIsNone() {
        ThirdParty spifly = ThirdParty.spifly();
        assertRefused(
                "unresolved",
                "com.acme.user.spifly 1.0.0 needs the capability osgi.extender",
                desire("spifly-user", spifly.user(folder, Map.of())));
    }

    @Test
    void loggingOfTheRuntimeIsNotReplacedByABundle() {
        assertRefused("part-of-the-runtime", "slf4j.api", desire("slf4j", ThirdParty.jar("slf4j-api-2.0.17")));
    }

    /** It looks for a console, and finds none. */
    @Test
    void shellThatReadsAConsoleLeavesTheGatewayAsItIs() {
        String born = born(0);
        String shell = "org.apache.felix.gogo.shell-1.1.4";
        assertApplied(desire("gogo", ThirdParty.jars(ThirdParty.gogo().newer())));
        Members report = desire("shell", ThirdParty.jar(shell));
        assertApplied(report);
        assertRuns(List.of(shell), report);
        Members removed = operator.removed(DEVICE, DEVICE, "shell");
        assertApplied(removed);
        assertFalse(bundles(removed).containsKey(ThirdParty.symbolicName(shell)));
        assertEquals(born, born(operator.mark()));
    }

    @Test
    void commandLineBringsAndTakesAJarOfOthersAsItIs() throws IOException, InterruptedException {
        Map<String, String> before = bundles(newest());
        wished.add(DEVICE + "/desired/feature/gson");
        gatehouse("install", "gson-2.10.1.jar", "--to", DEVICE);
        awaitBundles("gson 2.10.1", 0, bundles -> "2.10.1 active".equals(bundles.get("com.google.gson")));
        gatehouse("install", "gson-2.13.2.jar", "--to", DEVICE);
        awaitBundles("gson 2.13.2", 0, bundles -> "2.13.2 active".equals(bundles.get("com.google.gson")));
        int mark = operator.mark();
        gatehouse("remove", "gson", "--from", DEVICE);
        awaitBundles("no gson", mark, before::equals);
    }

    /** The command hears of it as this test does, and may be told first. */
    private static void awaitBundles(String what, int mark, Predicate<Map<String, String>> fits) {
        operator.await(
                what,
                mark,
                message -> message.topic().equals(REPORT)
                        && message.body().string("state").equals("applied")
                        && fits.test(bundles(message.body())));
    }

    private static void gatehouse(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(GatewayProcess.home()
                .resolve("../../../../bundles/cli/target/gatehouse/bin/gatehouse")
                .normalize()
                .toString()));
        command.addAll(List.of(words));
        Path key = folder.resolve("operator.key");
        if (!Files.exists(key)) {
            Fleet.writeOperator(key);
        }
        Map<String, String> environment =
                Map.of("GATEHOUSE_BROKER", broker.uri().toString(), "GATEHOUSE_KEY", key.toString());
        try (Child child = Child.start(command, ThirdParty.FOLDER.toAbsolutePath(), environment)) {
            assertEquals(0, child.awaitEnd(), child::output);
        }
    }
}

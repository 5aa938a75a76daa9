package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.license.Term;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A vendor's signed bundle that needs a license, and a component that waits for it in another: both in a gateway that goes on running. */
final class LicensesTest {
    private static final String DEVICE = "dwr/311-a1/licenses";
    private static final String FEATURE = "com.acme.rain";
    private static final String RAIN = DEVICE + "/example/rain";
    private static final String ALARM = DEVICE + "/example/alarm";
    private static final String ALWAYS = DEVICE + "/example/always";
    private static final String GATED = DEVICE + "/example/gated";

    @TempDir
    Path folder;

    private static final String GAUGES = """
                import io.gatehouse.api.telemetry.Collector;
                import io.gatehouse.api.telemetry.Publishes;
                import io.gatehouse.api.telemetry.Reading;
                import java.util.Map;
                import org.osgi.service.component.annotations.Component;
                import org.osgi.service.component.annotations.Reference;
                import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
                import org.osgi.service.condition.Condition;

                public class Gauges {
                    @Component
                    @Publishes(topic = "example/always", period = "PT0.2S")
                    public static class Always implements Collector {
                        private final String born = java.util.UUID.randomUUID().toString();

                        public Reading read() {
                            return Reading.of("born", born);
                        }
                    }

                    @Component
                    @SatisfyingConditionTarget("(osgi.condition.id=license.com.acme.rain)")
                    @Publishes(topic = "example/gated", period = "PT0.2S")
                    public static class Gated implements Collector {
                        private volatile Object targets = 0;

                        @Reference(
                                service = Condition.class,
                                target = "(osgi.condition.id=license.com.acme.rain)",
                                updated = "limit")
                        void limit(Map<String, Object> limits) {
                            targets = limits.get("targets");
                        }

                        public Reading read() {
                            return Reading.of("targets", targets);
                        }
                    }
                }
                """;

    private final Licenses acme = new Licenses("acme", "com.acme.*");
    private final Licenses other = new Licenses("other", "com.other.*");
    private Mosquitto broker;
    private GatewayProcess gateway;
    private Operator operator;
    private Bundles bundles;
    private String boot;

    @BeforeEach
    void start() throws IOException {
        Mosquitto.assumeInstalled();
        broker = Mosquitto.persistent(Files.createDirectories(folder.resolve("broker")));
        broker.start();
        operator = Operator.at(broker.uri());
        VendorKeys vendor = new VendorKeys(folder, "acme");
        operator.publish(
                "dwr/desired/trust", Fleet.trust(2, List.of(acme, other), vendor.vendor(Map.of(), "com.acme.*")), true);
        gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"));
        boot = awaitBoot(0, "");
        bundles = new Bundles(folder);
        Path rain = vendor.sign(bundles.licensed("rain", "1.0.0", FEATURE));
        Path alarm = vendor.sign(bundles.needing("alarm", "1.0.0", "com.acme.rain"));
        Path gauge = vendor.sign(gauge(bundles));
        operator.desire(DEVICE, "gauge", operator.feature("com.acme:gauge:1", gauge));
        operator.desire(DEVICE, "alarm", operator.feature("com.acme:alarm:1", alarm));
        String digest = operator.desire(DEVICE, "rain", operator.feature("com.acme:rain:1", rain));
        Members report = operator.ended(DEVICE, DEVICE + "/desired/feature/rain", digest);
        assertEquals("applied", report.string("state"), () -> report.values() + "\n" + gateway.log());
    }

    @AfterEach
    void stop() {
        if (broker != null) {
            operator.close();
            gateway.close();
            broker.close();
        }
    }

    @Test
    void comesGoesAndComesBackWithItsLicenseAndNothingElseIsRestarted() {
        String born = comes();
        assertNotEquals(born, staysAfterAPowerCut());
        born = goesWhenItIsRevoked();
        comesBackRenewed(born);
        assertEquals(
                0,
                operator.all(message -> message.topic().equals(DEVICE + "/event/feature"))
                        .size(),
                "nothing was rolled back, and nothing failed");
    }

    private String comes() {
        awaitLeftOut(0);
        operator.await(
                "the license that is asked for in vain",
                message -> message.topic().equals(DEVICE + "/reported/license")
                        && message.body().strings("unlicensed").contains(FEATURE));
        String born = born(0);
        int mark = operator.mark();
        long begin = System.nanoTime();
        bring("rain", acme.token("rain-1", 1, Term.PERPETUAL, FEATURE, 50));
        Members gated = operator.first("the gated component", mark, at(GATED)).body();
        long gatedAfter = System.nanoTime() - begin;
        operator.first("the licensed bundle", mark, at(RAIN));
        long rainAfter = System.nanoTime() - begin;
        System.out.println("from the license's publication to the first observation: " + gatedAfter / 1_000_000
                + " ms of a gated component, " + rainAfter / 1_000_000 + " ms of a bundle that was left out");
        assertEquals(50, gated.integer("targets", 0, 99), "the license's limit");
        awaitWhole(mark);
        assertEquals(born, born(operator.mark()), "the gated component's bundle was restarted");
        return born;
    }

    private String staysAfterAPowerCut() {
        int mark = cut();
        operator.first("the licensed bundle after kill -9", mark, at(RAIN));
        operator.first("what needs it after kill -9", mark, at(ALARM));
        operator.first("the gated component after kill -9", mark, at(GATED));
        assertTrue(
                operator.since(mark, at(DEVICE + "/reported/feature")).stream()
                        .noneMatch(message -> message.body().has("unlicensed")),
                "it was never doubted");
        return born(mark);
    }

    private String goesWhenItIsRevoked() {
        String born = born(operator.mark());
        int mark = operator.mark();
        operator.publish(DEVICE + "/desired/revocation/acme", Licenses.payload(acme.revocation(1, "rain-1", 1)), true);
        awaitListInForce(mark);
        awaitLeftOut(mark);
        assertSilent();
        assertEquals(born, born(operator.mark()), "the gated component's bundle was restarted");

        mark = cut();
        awaitLeftOut(mark);
        assertSilent();
        return born(operator.mark());
    }

    private void comesBackRenewed(String born) {
        int mark = operator.mark();
        bring("rain", acme.token("rain-1", 2, Term.PERPETUAL, FEATURE, 60));
        operator.first("the licensed bundle, renewed", mark, at(RAIN));
        Members renewed =
                operator.first("the gated component, renewed", mark, at(GATED)).body();
        assertEquals(60, renewed.integer("targets", 0, 99));
        bring("rain", acme.token("rain-1", 3, Term.PERPETUAL, FEATURE, 70));
        operator.await(
                "the next limit", mark, at(GATED).and(message -> message.body().integer("targets", 0, 99) == 70));
        assertEquals(born, born(operator.mark()), "the gated component's bundle was restarted");
    }

    @Test
    void isStoppedWhenItsLicenseEndsAlsoWhileAnotherWishIsUnresolved() {
        bring("rain", acme.token("rain-1", 1, Term.PERPETUAL, FEATURE, 50));
        awaitWhole(0);
        String born = born(operator.mark());
        Path broken = bundles.needing("broken", "1.0.0", "com.acme.absent");
        String digest = operator.desire(DEVICE, "broken", operator.feature("com.acme:broken:1", broken));
        assertEquals(
                "unresolved",
                operator.ended(DEVICE, DEVICE + "/desired/feature/broken", digest)
                        .object("problem")
                        .string("type"));
        int mark = operator.mark();
        operator.publish(DEVICE + "/desired/revocation/acme", Licenses.payload(acme.revocation(1, "rain-1", 1)), true);
        Members report = operator.await(
                        "a refusal that names what is left out",
                        mark,
                        feature("refused").and(message -> message.body().has("unlicensed")))
                .body();
        assertEquals(List.of("com.acme.gauge"), acme(report));
        assertSilent();
        assertEquals(born, born(operator.mark()), "the gated component's bundle was restarted");
    }

    @Test
    void whatIsNoGoodLicenseIsRefusedWithTheReasonAndGrantsNothing() {
        Instant now = Instant.now();
        String good = acme.token("rain-1", 1, Term.PERPETUAL, FEATURE, 50);
        refuses("tampered", "bad-signature", tampered(good));
        refuses("foreign", "unknown-key", new Licenses("acme", "*").token("rain-2", 1, Term.PERPETUAL, FEATURE, 50));
        refuses("beyond", "not-granted", other.token("rain-3", 1, Term.PERPETUAL, FEATURE, 50));
        bring("expired", acme.token("rain-4", 1, ended(now), FEATURE, 50));
        operator.await("the end of a license that came too late", message -> state(message, "expired")
                .equals("ended"));
        assertEquals(0, operator.all(at(RAIN).or(at(GATED))).size(), "none of these grants anything");
        bring("first", good);
        operator.await("a good one", message -> state(message, "first").equals("granted"));
        refuses("second", "duplicate", good);
    }

    private void refuses(String name, String problem, String token) {
        bring(name, token);
        operator.await("the refusal of " + name + " as " + problem, message -> state(message, name)
                .equals("refused " + problem));
    }

    private static Term ended(Instant now) {
        return new Term(
                Optional.empty(),
                Optional.of(now.minus(Duration.ofDays(1))),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO);
    }

    /** With the claims of a license without limits, as somebody would like them. */
    private static String tampered(String token) {
        String[] parts = token.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8).replace("50", "99");
        parts[1] = Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        return String.join(".", parts);
    }

    /** What the license report says of a license: its state and, where there is one, the type of its problem. */
    private static String state(Operator.Heard message, String name) {
        if (!message.topic().equals(DEVICE + "/reported/license")) {
            return "";
        }
        return message.body().objects("licenses").stream()
                .filter(license -> license.string("name").equals(name))
                .map(license -> license.string("state")
                        + license.optionalObject("problem")
                                .map(problem -> " " + problem.string("type"))
                                .orElse(""))
                .findFirst()
                .orElse("absent");
    }

    private void bring(String name, String token) {
        operator.publish(DEVICE + "/desired/license/" + name, Licenses.payload(token), true);
    }

    /** Kills the gateway and starts it again; from here on only the new process counts, whatever of the old one's comes late. */
    private int cut() {
        gateway.cut();
        int mark = operator.mark();
        gateway.startAgain();
        boot = awaitBoot(mark, boot);
        return mark;
    }

    private void awaitListInForce(int mark) {
        operator.await(
                "the list that is in force",
                mark,
                message -> message.topic().equals(DEVICE + "/reported/license")
                        && message.body().objects("revocations").stream()
                                .map(Members::values)
                                .toList()
                                .equals(List.of(Map.of("iss", "acme", "seq", 1L, "state", "applied"))));
    }

    private String awaitBoot(int mark, String before) {
        return operator.await(
                        "the status of another process than " + before,
                        mark,
                        message -> message.topic().equals(DEVICE + "/status")
                                && message.body().string("state").equals("online")
                                && !message.body().string("boot").equals(before))
                .body()
                .string("boot");
    }

    private void awaitLeftOut(int mark) {
        Members report = operator.await(
                        "a report that names what is left out",
                        mark,
                        feature("applied").and(message -> message.body().objects("unlicensed").stream()
                                .anyMatch(one -> !one.has("problem"))))
                .body();
        Map<String, Object> through = new HashMap<>(leftOut("alarm"));
        through.put("through", "com.acme:rain:1");
        assertEquals(
                Set.of(leftOut("rain"), through),
                report.objects("unlicensed").stream().map(Members::values).collect(Collectors.toSet()));
        assertTrue(report.object("desired").has(DEVICE + "/desired/feature/rain"));
        assertTrue(report.object("desired").has(DEVICE + "/desired/feature/alarm"));
        assertEquals(List.of("com.acme.gauge"), acme(report));
    }

    private static Map<String, Object> leftOut(String name) {
        return Map.of(
                "feature",
                "com.acme:" + name + ":1",
                "topic",
                DEVICE + "/desired/feature/" + name,
                "bundle",
                "com.acme." + name,
                "license",
                FEATURE);
    }

    private void awaitWhole(int mark) {
        Members report = operator.await(
                        "a report that leaves nothing out",
                        mark,
                        feature("applied")
                                .and(message -> !message.body().has("unlicensed")
                                        && message.body().object("desired").has(DEVICE + "/desired/feature/rain")))
                .body();
        assertEquals(List.of("com.acme.alarm", "com.acme.gauge", "com.acme.rain"), acme(report));
    }

    /** A report on features, of this state and by the process that runs now. */
    private Predicate<Operator.Heard> feature(String state) {
        return at(DEVICE + "/reported/feature")
                .and(message -> message.body().string("state").equals(state));
    }

    private static List<String> acme(Members report) {
        return report.objects("bundles").stream()
                .map(bundle -> bundle.string("symbolicName"))
                .filter(name -> name.startsWith("com.acme."))
                .sorted()
                .toList();
    }

    /** While what needs no license goes on, nothing is heard of what does. */
    private void assertSilent() {
        int mark = operator.mark();
        Awaitility.await("three observations")
                .atMost(Duration.ofSeconds(30))
                .until(() -> operator.since(mark, at(ALWAYS)).size() >= 3);
        assertEquals(
                0,
                operator.since(mark, at(RAIN).or(at(ALARM)).or(at(GATED))).size(),
                "it is heard although its license is gone");
    }

    /** When the component that needs no license was made, whose bundle has the gated one too. */
    private String born(int mark) {
        return operator.first("what needs no license", mark, at(ALWAYS)).body().string("born");
    }

    /** What the process that runs now publishes there. */
    private Predicate<Operator.Heard> at(String topic) {
        String now = boot;
        return message ->
                message.topic().equals(topic) && now.equals(message.properties().get("boot"));
    }

    private static Path gauge(Bundles bundles) {
        return bundles.bundle("com.acme.gauge", "1.0.0", Map.of(), "Gauges", GAUGES);
    }
}

package io.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.license.Token;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.trust.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleException;

/** Licenses brought to a device, renewed and taken back there, with the gateway's own licensing at its end. */
final class LicenseDeliveryTest extends WithIssuer {
    private static final String TWO = "dwr/311-a1/00-00-00-00-00-02";
    private static final String ISSUE = "license issue --key acme.key --issuer acme --feature com.acme.rain ";
    private static final String TOPIC = "dwr/311-a1/desired/license/rain";

    private final List<LicensedDevice> devices = new ArrayList<>();
    private LicensedDevice one;

    @BeforeEach
    void aDeviceTrustsTheIssuer() throws Trouble, BundleException {
        one = device(ONE);
        ok("trust publish trust.json --to dwr --key root.key");
    }

    private LicensedDevice device(String name) throws Trouble, BundleException {
        Trusting trusting =
                new Trusting(new Trust(KeyFile.read(file("root.key")).kid(), Optional.empty()));
        LicensedDevice device = new LicensedDevice(
                broker, name, "world/asia/taiwan", trusting, folder.resolve("site" + devices.size()));
        devices.add(device);
        return device;
    }

    @AfterEach
    void leave() {
        devices.forEach(LicensedDevice::close);
    }

    @Test
    void installsRenewsAndRemovesALicense() {
        ok(ISSUE + "--for dwr/311-a1 --id rain-4711 --until 2099-01-01 --out rain.jwt");
        ok("license install rain.jwt");
        assertTrue(
                console.out()
                        .endsWith("published at " + TOPIC + "\n" + ONE
                                + "  rain  granted  com.acme.rain until 2099-01-01T00:00:00.000Z\n"),
                console.out());
        await().until(() -> one.grants("com.acme.rain"));
        ok("license issue --key acme.key --renew rain.jwt --until 2099-02-01 --out rain.jwt");
        ok("license install rain.jwt --to dwr/311-a1 -o json");
        assertEquals("{\"device\":\"" + ONE + "\",\"license\":\"rain\",\"state\":\"granted\"}\n", console.out());
        ok("license install rain.jwt --to dwr/311-a1");
        ok("license status " + ONE);
        assertTrue(
                console.out()
                        .contains(ONE + "  rain     rain-4711  2    granted  2099-02-01T00:00:00.000Z  com.acme.rain"),
                console.out());
        ok("license remove rain --to dwr/311-a1");
        assertTrue(console.out().endsWith(ONE + "  rain  removed\n"), console.out());
        await().until(() -> !one.grants("com.acme.rain"));
        ok("license remove rain --to dwr/311-a1");
    }

    @Test
    void saysWhyADeviceDoesNotLetALicenseIn() throws Trouble, BundleException {
        ok(ISSUE + "--for " + TWO + " --out rain.jwt");
        not(1, ONE + "  rain  refused  foreign-device: it is for \"" + TWO, "license install rain.jwt --to dwr/311-a1");
        not(
                1,
                "\"state\":\"refused\",\"problem\":{\"type\":\"foreign-device\"",
                "license install rain.jwt -o json --to " + ONE);
        ok(ISSUE + "--for dwr --id b --out b.jwt");
        ok("license install b.jwt --to dwr");
        not(1, "duplicate: b of acme is there as", "license install b.jwt --name c --to dwr");
    }

    @Test
    void oneThatIsRefusedSaysNothingOfAnother() {
        ok(ISSUE + "--for " + TWO + " --out rain.jwt");
        assertEquals(1, run("license install rain.jwt --to " + ONE));
        ok("license issue --key acme.key --issuer acme --feature tunnel --for dwr --out b.jwt");
        ok("license install b.jwt --to dwr");
        assertTrue(console.out().contains(ONE + "  b  granted  tunnel"), console.out());
    }

    @Test
    void aLicenseThatBeginsLaterIsThereAndOneThatEndedIsNot() {
        ok(ISSUE + "--for dwr --from 2099-01-01 --out b.jwt");
        ok("license install b.jwt");
        assertTrue(console.out().contains(ONE + "  b  waiting  not-yet: "), console.out());
        ok("license issue --key acme.key --issuer acme --feature tunnel --for dwr --lasts 1s --out c.jwt");
        Token<License> token = Token.license(text("c.jwt"));
        await().until(() ->
                Instant.now().isAfter(token.claims().term().expires().orElseThrow()));
        not(1, ONE + "  c  ended", "license install c.jwt");
        not(1, "ended: it ended at", "license verify c.jwt --trust trust.json");
    }

    @Test
    void aNarrowerScopeHasItsOwn() {
        ok(ISSUE + "--for dwr --id a --out a.jwt");
        ok(ISSUE + "--for dwr --id b --out b.jwt");
        ok("license install a.jwt --name rain --to " + ONE);
        not(
                1,
                "overlaid: a narrower scope has another license of this name, a of acme",
                "license install b.jwt --name rain");
    }

    @Test
    void bringsEachOfManyToTheDeviceThatItIsFor() throws IOException, Trouble, BundleException {
        device(TWO);
        ok("trust add trust.json operator=operator.key@dwr,world");
        ok("trust publish trust.json --to dwr --key root.key");
        Files.writeString(file("devices.csv"), "device\n" + ONE + "\n" + TWO + "\ndwr/311-a1/00-00-00-00-00-03\n");
        ok(ISSUE + "--lasts P365D --csv devices.csv --out out");
        String files = file("out").resolve(ONE.replace('/', '-') + ".jwt") + " "
                + file("out").resolve(TWO.replace('/', '-') + ".jwt") + " "
                + file("out").resolve("dwr-311-a1-00-00-00-00-00-03.jwt");
        ok("license install " + files + " --name rain");
        assertTrue(console.out().contains("published 3 of them"), console.out());
        assertTrue(console.out().contains(ONE + "  rain  granted"), console.out());
        assertTrue(console.out().contains(TWO + "  rain  granted"), console.out());
        assertTrue(console.err().contains("nobody under dwr/311-a1/00-00-00-00-00-03 is online"), console.err());
        not(
                2,
                "two of these files would be at dwr/desired/license/rain",
                "license install " + files + " --name rain --to dwr");
    }

    @Test
    void whatIsSignedByNobodyWhoMayDeliverIsRefused() {
        ok(ISSUE + "--for dwr --out b.jwt");
        not(1, ONE + "  b  refused  unknown-key", "license install b.jwt --key stranger.key");
        assertTrue(console.err().contains("what helps: sign by a key that it trusts"), console.err());
        not(1, ONE + "  b  refused  out-of-scope", "license install b.jwt --key acme.key");
        ok("license install b.jwt --name acme.b --key acme.key");
    }

    @Test
    void publishesNothingThatIsNoLicenseOrForNobody() {
        ok(ISSUE + "--for dwr/x --out b.jwt");
        not(2, "is no license: ", "license install trust.json");
        not(2, "not a name for a license: a+b", "license install b.jwt --name a+b");
        not(3, "no device is online under dwr/x", "license install b.jwt");
        assertFalse(isKept("dwr/x/desired/license/b"));
        ok("license install b.jwt --no-wait");
        assertTrue(isKept("dwr/x/desired/license/b"));
        not(2, "what is the license of standard input called?", "license install -");
    }

    @Test
    void revokesOnDevices() {
        ok(ISSUE + "--for dwr --id rain-4711 --out rain.jwt");
        ok("license install rain.jwt");
        ok("license revoke rain-4711 --list gone.jwt --issuer acme --key acme.key --reason unpaid --to dwr");
        assertTrue(console.out().contains(ONE + "  acme  applied"), console.out());
        await().until(() -> !one.grants("com.acme.rain"));
        ok("license status");
        assertTrue(console.out().contains("revoked: acme took it back: unpaid"), console.out());
        assertTrue(
                console.out()
                        .contains("\n\nDEVICE                        REVOKED BY  LIST  STATE\n" + ONE
                                + "  acme        1     applied\n"),
                console.out());
        ok("license status -o json");
        assertTrue(
                console.out().contains("\"revocations\":[{\"iss\":\"acme\",\"seq\":1,\"state\":\"applied\"}]"),
                console.out());
        ok("license revoke snow --list other.jwt --issuer acme --key acme.key");
        not(
                2,
                "the broker keeps list 1 of acme, and from",
                "license revoke ice --list third.jwt --issuer acme --key acme.key --to dwr");
        assertFalse(Files.exists(file("third.jwt")));
    }

    @Test
    void aListThatDevicesRefuseIsNoSuccess() {
        ok("trust add trust.json license=stranger.key@dwr --issuer other --features *");
        ok("trust publish trust.json --to dwr --key root.key");
        not(
                1,
                "foreign-issuer",
                "license revoke rain --list gone.jwt --issuer acme --key stranger.key --to dwr --deliver-key operator.key");
    }

    @Test
    void aListThatIsRefusedIsSeenBesideARefusedLicense() {
        ok(ISSUE + "--for " + TWO + " --out rain.jwt");
        assertEquals(1, run("license install rain.jwt --to " + ONE));
        ok("trust add trust.json license=stranger.key@dwr --issuer other --features *");
        ok("trust publish trust.json --to dwr --key root.key");
        String revoke = "license revoke ice --list gone.jwt --issuer acme --key ";
        not(1, ONE + "  acme  refused  foreign-issuer: ", revoke + "stranger.key --to dwr --deliver-key operator.key");
        ok("license status");
        String row = ONE + "  acme        refused  dwr/desired/revocation/acme  foreign-issuer: iss is \"acme\"";
        assertTrue(console.out().contains(row), console.out());
        ok("license status -o json");
        String entry =
                "{\"iss\":\"acme\",\"state\":\"refused\",\"topic\":\"dwr/desired/revocation/acme\",\"problem\":{";
        assertTrue(console.out().contains(entry + "\"type\":\"foreign-issuer\""), console.out());
    }

    @Test
    void aListThatIsOlderThanANarrowerScopesIsRefused() {
        ok("license revoke snow ice --list gone.jwt --issuer acme --key acme.key");
        ok("license revoke rain --list gone.jwt --key acme.key --to dwr/311-a1");
        not(
                1,
                ONE + "  acme  refused  superseded: its seq is 1, and one with 2 was accepted",
                "license revoke snow --list other.jwt --issuer acme --key acme.key --to dwr");
        ok("license status");
        assertTrue(console.out().contains(ONE + "  acme        2     applied"), console.out());
        assertTrue(console.out().contains(ONE + "  acme        1     refused  dwr/desired/"), console.out());
    }

    @Test
    void renewsWhatIsDueAndLeavesTheRest() {
        String subscription = "--subscription-until 2099-01-01 --lease P30D --for dwr/311-a1 ";
        ok(ISSUE + subscription + "--id rain-4711 --lasts P9D --out rain.jwt");
        ok(ISSUE + subscription + "--id snow-1 --lasts P11D --out snow.jwt");
        ok(ISSUE + "--for dwr/311-a1 --id ice-1 --out ice.jwt");
        ok("license install rain.jwt snow.jwt ice.jwt");
        not(2, "--lasts must be a length", "license renew --to dwr --key acme.key --lasts never");
        not(1, "lasts must be longer than a third of the lease", "license renew --to dwr --key acme.key --lasts P10D");
        ok("license renew --to dwr --key acme.key --deliver-key operator.key");
        assertTrue(console.out().contains(TOPIC + "  rain-4711 of acme  renewed, sequence 2, until "), console.out());
        assertTrue(console.out().contains("snow-1 of acme  not due before "), console.out());
        assertTrue(console.out().contains("ice-1 of acme  no subscription"), console.out());
        License renewed = kept(TOPIC);
        assertEquals(
                Optional.of(renewed.issued().plus(Duration.ofDays(30))),
                renewed.term().expires());
        await().untilAsserted(() -> {
            ok("license status");
            assertTrue(console.out().contains("rain-4711  2"), console.out());
        });
        ok("license renew --to dwr --key acme.key -o json");
        assertEquals("", console.out());
        ok("license renew --to dwr --key stranger.key");
        assertTrue(console.err().contains("no license that this key signed is kept for dwr"), console.err());
    }

    @Test
    void goesOnRenewingUntilItIsEnded() throws InterruptedException {
        Thread watching = new Thread(() -> run("license renew --to dwr --key acme.key --watch"));
        watching.start();
        await().until(() -> console.err().contains("no license that this key signed is kept"));
        Console other = new Console(broker);
        other.environment().putAll(console.environment());
        String issue = ISSUE.replace("acme.key", file("acme.key").toString())
                + "--subscription-until 2099-01-01 --lease P30D --lasts P9D --for dwr/311-a1 --out " + file("rain.jwt");
        assertEquals(0, other.run(issue.split(" ")), other::err);
        assertEquals(0, other.run("license", "install", file("rain.jwt").toString(), "--no-wait"), other::err);
        await().until(() -> console.out().contains("renewed, sequence 2"));
        assertEquals(2, kept(TOPIC).sequence());
        watching.interrupt();
        watching.join();
    }

    @Test
    void namesWhatIsAskedForAndNotLicensed() {
        one.asksFor("com.acme.snow");
        await().untilAsserted(() -> {
            ok("license status dwr");
            assertTrue(console.out().contains(ONE + "  unlicensed  com.acme.snow"), console.out());
        });
        ok("license status -o json");
        assertTrue(console.out().contains("\"unlicensed\":[\"com.acme.snow\"]"), console.out());
        ok("license status dwr/other");
        assertTrue(console.err().contains("nothing is reported of licenses under dwr/other"), console.err());
    }

    @Test
    void aReportThatIsNotUnderstoodIsSaidAndEndsNothing() {
        String odd = "dwr/311-a1/00-00-00-00-00-09";
        Message report = Message.json(
                odd + "/reported/license",
                "{\"state\":\"applied\",\"licenses\":[{\"name\":\"rain\"}]}".getBytes(UTF_8));
        broker.publish(Message.json(odd + "/status", "{\"state\":\"online\"}".getBytes(UTF_8))
                .retained());
        broker.publish(report.retained());
        ok("license issue --key acme.key --issuer acme --feature tunnel --for dwr --out b.jwt");
        not(
                3,
                "not understood: " + odd + "/reported/license: licenses[0].state is missing",
                "license install b.jwt --timeout 1s");
        assertTrue(console.err().contains(odd + ": no end of b within 1 s"), console.err());
        ok("license status");
        assertTrue(console.err().contains("not understood: " + odd), console.err());
    }

    private boolean isKept(String topic) {
        return broker.published().stream().anyMatch(message -> message.topic().equals(topic) && message.retain());
    }

    private License kept(String topic) {
        Message last = broker.published().stream()
                .filter(message -> message.topic().equals(topic))
                .reduce((before, after) -> after)
                .orElseThrow();
        return Token.license(String.valueOf(Envelope.read(last.payload()).spec().orElseThrow()))
                .claims();
    }
}

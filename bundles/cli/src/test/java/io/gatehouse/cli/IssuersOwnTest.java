package io.gatehouse.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.license.Token;
import io.gatehouse.cli.license.Wishes;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Revocations;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An issuer's key signs anew what is the issuer's own, and nothing that somebody else put where it is looked for. */
final class IssuersOwnTest extends WithIssuer {
    private static final String DUE =
            "--feature com.acme.rain --subscription-until 2099-01-01 --lease P30D --lasts P9D ";
    private static final String RENEW = "license renew --to dwr --key acme.key ";
    private static final String REVOKE = "license revoke --list gone.jwt --key acme.key --issuer acme ";
    private static final String LIST = "dwr/desired/revocation/acme";

    @BeforeEach
    void theIssuerHasAnotherKeyToo() throws Trouble {
        KeyFile.create(file("next.key"));
        ok("trust add trust.json license=next.key@dwr --issuer acme --features com.acme.*,tunnel");
    }

    @Test
    void renewsNothingAtTheBrokerThatAStrangerSignedInTheIssuersName() {
        install("x", "--key stranger.key --issuer acme --feature com.acme.everything " + DUE);
        ok(RENEW);
        assertTrue(console.err().contains("x of acme is left as it is: it names the key "), console.err());
        assertTrue(console.err().contains("give --trust FILE"), console.err());
        ok(RENEW + "--trust trust.json");
        assertTrue(console.err().contains("x of acme is left as it is: it is not believed by "), console.err());
        assertTrue(console.err().contains("unknown-key"), console.err());
        assertEquals(1, kept("x").sequence());
    }

    @Test
    void renewsNoOtherIssuersLicenseHoweverTrustedThatIs() {
        ok("trust add trust.json license=stranger.key@dwr --issuer other --features *");
        install("x", "--key stranger.key --issuer other " + DUE);
        ok(RENEW + "--trust trust.json");
        assertTrue(console.err().contains("it is of other, and the key that is to sign is of acme"), console.err());
        assertEquals(1, kept("x").sequence());
    }

    @Test
    void renewsNothingAtTheBrokerThatWasChanged() {
        ok("license issue --key stranger.key --issuer acme --for dwr " + DUE + "--out x.jwt");
        String stranger = text("x.jwt");
        ok("license issue --key acme.key --issuer acme --for dwr " + DUE + "--out y.jwt");
        String[] own = text("y.jwt").split("\\.", -1);
        publish("x", own[0] + stranger.substring(stranger.indexOf('.')));
        ok(RENEW);
        assertTrue(console.err().contains("did not sign this"), console.err());
        assertEquals(1, kept("x").sequence());
    }

    @Test
    void renewsWhatAnEarlierKeyOfTheIssuerSignedWhereATrustDocumentSaysSo() {
        install("x", "--key acme.key --issuer acme " + DUE);
        ok("license renew --to dwr --key next.key");
        assertEquals(1, kept("x").sequence());
        ok("license renew --to dwr --key next.key --trust trust.json");
        assertEquals(2, kept("x").sequence());
        not(
                2,
                "with the role license, and devices will believe nothing",
                RENEW.replace("acme", "stranger") + "--trust trust.json");
    }

    @Test
    void renewsNoFileThatAStrangerSigned() {
        ok("license issue --key stranger.key --issuer acme --for dwr --feature com.acme.rain --out x.jwt");
        String renew = "license issue --key acme.key --renew x.jwt --lasts P9D --out y.jwt";
        not(2, "is not renewed: it names the key ", renew);
        not(2, "unknown-key", renew + " --trust trust.json");
        assertFalse(Files.exists(file("y.jwt")));
        ok("license issue --key next.key --issuer acme --for dwr --feature com.acme.rain --out z.jwt");
        ok("license issue --key acme.key --renew z.jwt --lasts P9D --out y.jwt --trust trust.json");
        ok("license verify y.jwt --trust trust.json");
        not(2, "--trust tells whose a license is that is renewed", "license issue --key acme.key --trust trust.json");
    }

    @Test
    void goesOnWithNoListThatAStrangerSigned() {
        ok("license revoke everything --list gone.jwt --key stranger.key --issuer acme");
        String before = text("gone.jwt");
        not(2, "is not gone on with: it names the key ", REVOKE + "rain");
        not(2, "unknown-key", REVOKE + "rain --trust trust.json");
        assertEquals(before, text("gone.jwt"));
        ok("license revoke snow --list own.jwt --key next.key --issuer acme");
        ok("license revoke rain --list own.jwt --key acme.key --trust trust.json");
        assertEquals(2, Token.revocations(text("own.jwt")).claims().revoked().size());
        not(
                2,
                "the trust document has the key under acme",
                "license revoke rain --list a.jwt --key acme.key --issuer b --trust trust.json");
    }

    @Test
    void aListAtTheBrokerThatIsNotTheIssuersIsNoReasonToRefuse() throws Trouble {
        Revocations far = new Revocations("acme", Instant.now(), 999_999_999, List.of());
        publishList(Token.sign(KeyFile.read(file("stranger.key")), far));
        ok(REVOKE + "rain --to dwr --no-wait");
        assertTrue(console.err().contains("passed over: the list at " + LIST + ": it names the key "), console.err());
        publishList(Token.sign(KeyFile.read(file("acme.key")), far).replaceAll(".{4}$", "AAAA"));
        ok(REVOKE + "snow --to dwr --no-wait");
        assertTrue(console.err().contains("did not sign this"), console.err());
        publishList(Token.sign(KeyFile.read(file("next.key")), far));
        not(2, "the broker keeps list 999999999", REVOKE + "ice --to dwr --no-wait --trust trust.json");
    }

    @Test
    void renewsNothingThatTheIssuerTookBack() {
        install("unpaid", "--key acme.key --issuer acme " + DUE);
        install("paid", "--key acme.key --issuer acme " + DUE);
        ok(REVOKE + "unpaid@1 --reason unpaid --to dwr --no-wait");
        ok(RENEW);
        assertTrue(
                console.out().contains("unpaid of acme  is left to end: it was revoked up to sequence 1, unpaid"),
                console.out());
        assertEquals(1, kept("unpaid").sequence());
        assertEquals(2, kept("paid").sequence());
    }

    @Test
    void renewsNothingOfTheIssuersOwnListThatSomebodyTookAwayAtTheBroker() {
        install("unpaid", "--key acme.key --issuer acme " + DUE);
        ok(REVOKE + "unpaid");
        ok(RENEW + "--list gone.jwt");
        assertEquals(1, kept("unpaid").sequence());
        not(2, "it names the key", "license renew --to dwr --key next.key --list gone.jwt");
        not(2, "no such file", RENEW + "--list none.jwt");
        ok("license revoke --list forged.jwt --key stranger.key --issuer acme unpaid --to dwr --no-wait");
        ok(RENEW);
        assertTrue(console.err().contains("this list counts for nothing here: it names the key"), console.err());
        assertEquals(2, kept("unpaid").sequence());
    }

    @Test
    void oneThatCannotBeRenewedHoldsUpNoOther() throws InterruptedException {
        Instant over = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.SECONDS);
        install(
                "a",
                "--key acme.key --issuer acme --feature tunnel --lease PT1M --lasts PT1S --subscription-until " + over);
        install("b", "--key acme.key --issuer acme " + DUE);
        await().until(() -> Instant.now().isAfter(over));
        not(1, "a  not renewed: a of acme: subscription-until is over", RENEW + "-o json");
        assertEquals(2, kept("b").sequence());
        install("c", "--key acme.key --issuer acme " + DUE);
        Thread watching = new Thread(() -> run(RENEW + "--watch"));
        watching.start();
        await().until(() -> kept("c").sequence() == 2);
        assertTrue(watching.isAlive());
        watching.interrupt();
        watching.join();
    }

    private void install(String name, String options) {
        ok("license issue --for dwr --id " + name + " " + options.strip() + " --out " + name + ".jwt");
        ok("license install " + name + ".jwt --no-wait");
    }

    private void publish(String name, String token) {
        try {
            broker.publish(Wishes.license(new Scope("dwr"), name, token).message());
        } catch (Trouble e) {
            throw new AssertionError(e);
        }
    }

    private void publishList(String token) {
        broker.publish(Wishes.revocations(new Scope("dwr"), "acme", token).message());
    }

    private License kept(String name) {
        return broker.published().stream()
                .filter(message -> message.topic().equals("dwr/desired/license/" + name))
                .reduce((before, after) -> after)
                .map(last -> Token.license(String.valueOf(
                                Envelope.read(last.payload()).spec().orElseThrow()))
                        .claims())
                .orElseThrow();
    }
}

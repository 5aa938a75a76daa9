package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.license.Token;
import io.gatehouse.protocol.license.Revocations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Licenses looked at, believed or not, and taken back, in files alone. */
final class LicenseCommandTest extends WithIssuer {
    private static final String RAIN = "license issue --issuer acme --id rain-4711 --key acme.key --out rain.jwt ";
    private static final String REVOKE = "license revoke --list gone.jwt --key acme.key --issuer acme ";

    @Test
    void showsAllThatALicenseSays() {
        ok(RAIN + "--for dwr/311-a1 --feature com.acme.rain:targets=50 --subscription-until 2099-01-01 --lease P30D"
                + " --until 2098-12-31 --grace P14D");
        ok("license show rain.jwt");
        assertTrue(console.out().startsWith("rain-4711 of acme, sequence 1\n  for       dwr/311-a1\n"), console.out());
        assertTrue(
                console.out()
                        .contains("  lasts     until 2098-12-31T00:00:00Z, and then P14D of grace\n"
                                + "  renewed   each P30D until 2099-01-01T00:00:00Z\n"),
                console.out());
        assertTrue(console.out().endsWith("FEATURE        LIMITS\ncom.acme.rain  targets=50\n"), console.out());
        ok("license show rain.jwt -o json");
        assertTrue(
                console.out().contains("\"claims\":{\"jti\":\"rain-4711\",\"iss\":\"acme\",\"sub\":\"dwr/311-a1\""),
                console.out());
    }

    @Test
    void readsAFromStandardInputWhatItShows() throws IOException {
        ok(RAIN + "--for dwr --feature com.acme.rain");
        console.in(Files.readAllBytes(file("rain.jwt")));
        ok("license show -");
        assertTrue(console.out().startsWith("rain-4711 of acme"), console.out());
        console.in("hello".getBytes(StandardCharsets.UTF_8));
        not(2, "- is no license: it must be a compact JWS", "license show -");
        not(2, "no such file", "license show none.jwt");
    }

    @Test
    void saysUntilWhenAValidLicenseLasts() {
        ok(RAIN + "--for dwr/311-a1 --feature com.acme.rain --until 2099-01-01");
        ok("license verify rain.jwt --trust trust.json --device " + ONE);
        assertEquals(
                "rain-4711 of acme, sequence 1, for dwr/311-a1  valid  until 2099-01-01T00:00:00Z\n", console.out());
        ok("license verify rain.jwt --trust trust.json -o json");
        assertTrue(console.out().startsWith("{\"valid\":true,\"claims\":"), console.out());
        ok("trust retire trust.json " + Token.license(text("rain.jwt")).jwt().kid());
        ok("license verify rain.jwt --trust trust.json");
        assertTrue(console.err().contains("its key is retired: devices that have it keep it"), console.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--for dwr --feature com.acme.rain | --device world/asia/7 | foreign-device: it is for \"dwr\"",
                "--for dwr --feature snow | | not-granted: it grants \"snow\"",
                "--for world --feature tunnel | | out-of-scope: sub is \"world\"",
                "--for dwr --feature tunnel --from 2099-01-01 | | not-yet: it begins at 2099-01-01T00:00:00Z",
            })
    void saysWhyDevicesWouldNotLetALicenseIn(String options, String device, String why) {
        ok(RAIN + options);
        not(
                1,
                "refused  " + why,
                ("license verify rain.jwt --trust trust.json " + (device == null ? "" : device)).strip());
        assertEquals(1, run("license verify rain.jwt -o json --trust trust.json " + (device == null ? "" : device)));
        assertTrue(console.out().contains("{\"valid\":false,\"type\":\"" + why.split(":")[0] + "\""), console.out());
    }

    @Test
    void believesNoStrangerAndNothingThatIsNoLicense() throws IOException {
        ok("license issue --issuer acme --for dwr --feature tunnel --key stranger.key --out rain.jwt");
        not(1, "unknown-key", "license verify rain.jwt --trust trust.json");
        ok("trust add trust.json operator=stranger.key@dwr");
        not(1, "wrong-role", "license verify rain.jwt --trust trust.json");
        ok("trust add trust.json license=stranger.key@dwr --issuer other --features *");
        not(1, "foreign-issuer", "license verify rain.jwt --trust trust.json");
        Files.writeString(file("rain.jwt"), text("rain.jwt").replaceAll(".{3}$", "AAA"));
        ok("trust add trust.json license=stranger.key@dwr --issuer acme --features *");
        not(1, "bad-signature", "license verify rain.jwt --trust trust.json");
        Files.writeString(file("rain.jwt"), "hello");
        not(1, "refused  malformed", "license verify rain.jwt --trust trust.json");
    }

    @Test
    void aPlaceIsSomethingThatALicenseCanBeFor() {
        ok("trust add trust.json license=acme.key@world --issuer acme --features *");
        ok(RAIN + "--for world/asia --feature tunnel");
        ok("license verify rain.jwt --trust trust.json --device " + ONE + "@world/asia/taiwan");
        not(1, "foreign-device", "license verify rain.jwt --trust trust.json --device " + ONE + "@world/europe");
        not(2, "must be <family>/<model>/<id>", "license verify rain.jwt --trust trust.json --device dwr");
    }

    @Test
    void aListGrowsAndTakesNothingBack() {
        ok(REVOKE + "rain-4711@2 --reason unpaid");
        assertTrue(console.out().startsWith("revoked by acme, list 1\n"), console.out());
        assertTrue(console.out().endsWith("rain-4711  to 2       unpaid\n"), console.out());
        ok("license revoke --list gone.jwt --key acme.key snow rain-4711@1");
        Revocations list = Token.revocations(text("gone.jwt")).claims();
        assertEquals(2, list.sequence());
        assertEquals(
                List.of(
                        new Revocations.Revoked("snow", Optional.empty(), Optional.empty()),
                        new Revocations.Revoked("rain-4711", Optional.of(2L), Optional.of("unpaid"))),
                list.revoked());
        ok("license revoke --list gone.jwt --key acme.key rain-4711 -o json");
        assertTrue(
                console.out().contains("\"seq\":3,\"revoked\":[{\"jti\":\"snow\"},{\"jti\":\"rain-4711\",\"reason\""));
        ok("license show gone.jwt");
        assertTrue(console.out().contains("rain-4711  all        unpaid\n"), console.out());
    }

    @Test
    void verifiesAgainstWhatWasTakenBack() {
        ok(RAIN + "--for dwr --feature tunnel");
        ok(REVOKE + "rain-4711@1 --reason unpaid");
        not(
                1,
                "revoked: acme took it back: unpaid",
                "license verify rain.jwt --trust trust.json --revocations gone.jwt");
        ok("license issue --key acme.key --renew rain.jwt --lasts P30D --out rain.jwt");
        ok("license verify rain.jwt --trust trust.json --revocations gone.jwt");
        ok("license revoke --list other.jwt --key stranger.key --issuer acme rain-4711");
        not(1, "is not believed, unknown-key", "license verify rain.jwt --trust trust.json --revocations other.jwt");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--list none.jwt --key acme.key rain | whose list is it? There is no",
                "--list none.jwt --key acme.key --issuer a/b rain | --issuer must be 1 to 64",
                "--list none.jwt --key acme.key --issuer acme rain@0 | a sequence is at least 1: rain@0",
                "--list gone.jwt --key acme.key --issuer other rain | is the list of acme, and --issuer is other",
                "--list trust.json --key acme.key rain | is no revocation list",
                "--list gone.jwt --key acme.key ünlich | jti must be 1 to 128 visible characters of ASCII",
                "--list gone.jwt --key acme.key rain --no-wait | --no-wait is of a delivery, and nothing is delivered",
                "--list gone.jwt --key acme.key rain --deliver-key nope.key | --deliver-key is of a delivery",
                "--list gone.jwt --key acme.key rain --timeout 5s | --timeout is of a delivery",
                "--key acme.key rain | Missing required option: '--list=FILE'",
            })
    void makesNoListOfWhatWillNotDo(String options, String why) {
        ok(REVOKE + "snow");
        String before = text("gone.jwt");
        not(2, why, "license revoke " + options);
        assertEquals(before, text("gone.jwt"));
    }

    @Test
    void extendsNoListThatWasChanged() throws IOException {
        ok(REVOKE + "snow");
        Files.writeString(file("gone.jwt"), text("gone.jwt").replaceAll(".{3}$", "AAA"));
        not(2, "was changed since", "license revoke --list gone.jwt --key acme.key rain");
    }

    @Test
    void asksWhichOfItsCommands() {
        not(2, "See gatehouse license --help", "license");
    }
}

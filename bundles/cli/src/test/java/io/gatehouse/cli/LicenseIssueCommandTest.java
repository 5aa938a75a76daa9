package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.license.Token;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.HardwareLock;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Limits;
import io.gatehouse.protocol.license.Term;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Licenses made, one by one and for a list of devices, and made anew. */
final class LicenseIssueCommandTest extends WithIssuer {
    private static final String ISSUE = "license issue --key acme.key --issuer acme ";
    private static final String RAIN = ISSUE + "--for dwr/311-a1 --feature com.acme.rain ";

    @Test
    void issuesALicenseThatDevicesBelieve() {
        ok(ISSUE + "--for dwr/311-a1 --id rain-4711 --seq 3 --feature com.acme.rain:targets=50,remote=true"
                + " --feature tunnel --from 2026-01-01 --until 2099-12-31T12:00:00Z --grace P14D --out rain.jwt");
        License license = license("rain.jwt");
        assertEquals(new License.Id("acme", "rain-4711"), license.id());
        assertEquals(new Scope("dwr/311-a1"), license.subject());
        assertEquals(3, license.sequence());
        assertEquals(
                Map.of(
                        "com.acme.rain",
                        new Limits(new TreeMap<>(Map.of("targets", 50L, "remote", true))),
                        "tunnel",
                        Limits.NONE),
                license.features());
        Term term = license.term();
        assertEquals(Optional.of(Instant.parse("2026-01-01T00:00:00Z")), term.notBefore());
        assertEquals(Optional.of(Instant.parse("2099-12-31T12:00:00Z")), term.expires());
        assertEquals(Duration.ofDays(14), term.grace());
        assertTrue(console.out().contains("rain.jwt is rain-4711 of acme, sequence 3, for dwr/311-a1, until"));
        ok("license verify rain.jwt --trust trust.json");
    }

    @Test
    void writesTheTokenAloneToStandardOutput() {
        ok(RAIN);
        License license = Token.license(console.out().strip()).claims();
        assertEquals(Term.PERPETUAL, license.term());
        assertTrue(
                license.id().jti().matches("rain-20[0-9]{6}-[a-z2-9]{6}"),
                license.id().jti());
        assertTrue(
                console.err().contains(license.id() + ", sequence 1, for dwr/311-a1, without an end"), console.err());
        ok(RAIN + "-o json");
        assertTrue(console.out().startsWith("{\"token\":\"ey"), console.out());
    }

    @Test
    void issuesSubscriptionsEvaluationsAndLocks() {
        ok(RAIN + "--subscription-until 2099-01-01 --lease 30d --out a.jwt");
        Term term = license("a.jwt").term();
        assertEquals(Duration.ofDays(30), term.subscription().orElseThrow().lease());
        Instant issued = license("a.jwt").issued();
        assertEquals(Optional.of(issued.plus(Duration.ofDays(30))), term.expires());
        ok(RAIN + "--evaluation P30D --grace P1D --out b.jwt");
        assertEquals(Optional.of(Duration.ofDays(30)), license("b.jwt").term().evaluation());
        String mac = HardwareLock.fingerprint("mac", "1");
        String board = HardwareLock.fingerprint("board", "2");
        ok(RAIN + "--hardware " + mac + "," + board + " --at-least 1 --out c.jwt");
        assertEquals(
                Optional.of(new HardwareLock(1, List.of(mac, board))),
                license("c.jwt").lock());
    }

    @Test
    void readsFingerprintsThatADeviceReported() {
        String mac = HardwareLock.fingerprint("mac", "1");
        Map<String, Object> report = Map.of("state", "applied", "hardware", List.of(mac));
        broker.publish(
                Message.json(ONE + "/reported/license", Json.write(report)).retained());
        ok(RAIN + "--hardware-of " + ONE + " --at-least 1 --out a.jwt");
        assertEquals(
                Optional.of(new HardwareLock(1, List.of(mac))), license("a.jwt").lock());
        not(3, "has reported no fingerprints", RAIN + "--hardware-of dwr/311-a1/x --at-least 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--feature x | --for is missing",
                "--for dwr/+ --feature x | --for is none: scope \"dwr/+\"",
                "--for dwr | --feature is missing: what is granted",
                "--for dwr --feature Rain | --feature must have names of up to 100",
                "--for dwr --feature x:targets | must have limits such as targets=50",
                "--for dwr --feature x:targets=-1 | must have limits such as targets=50",
                "--for dwr --feature x:targets=1,targets=2 | names a limit twice, targets",
                "--for dwr --feature x:9a=1 | a limit's name must be",
                "--for dwr --feature x --feature x | names one twice: x",
                "--for dwr --feature x --until never | --until must be a date such as 2027-12-31",
                "--for dwr --feature x --until 2020-01-01 | --until must be later than",
                "--for dwr --feature x --from 2099-01-02 --until 2099-01-01 | --until must be later than 2099-01-02",
                "--for dwr --feature x --until 2099-01-01 --lasts P1D | --lasts and until exclude each other",
                "--for dwr --feature x --lasts P1M | --lasts must be a length such as P365D",
                "--for dwr --feature x --grace P1D | --grace has no meaning where nothing ends: P1D",
                "--for dwr --feature x --lease P30D | --subscription-until is missing",
                "--for dwr --feature x --subscription-until 2099-01-01 | --lease is missing",
                "--for dwr --feature x --subscription-until 2020-01-01 --lease P1D | --subscription-until must be later",
                "--for dwr --feature x --subscription-until 2099-01-01 --lease P1D --until 2099-01-02 | not be after the",
                "--for dwr --feature x --subscription-until 2099-01-01 --lease P1D --evaluation P1D | exclude each other",
                "--for dwr --feature x --subscription-until 2099-01-01 --lease 5s | gatehouse: that would be no license: subscription.lease",
                "--for dwr --feature x --evaluation 5s | evaluation must be from PT1M",
                "--for dwr --feature x --hardware mac:x --at-least 1 | hardware.of must be fingerprints",
                "--for dwr --feature x --hardware mac:x | --at-least is missing: how many of the 1",
                "--for dwr --feature x --at-least 2 | --hardware is missing: at least 2",
                "--for dwr --feature x --seq 0 | seq must be from 1",
                "--feature x --csv trust.json --hardware-of dwr/a/b | --hardware-of is of one device",
                "--for dwr --feature x --csv trust.json | where to? --csv needs --out FOLDER",
                "--for dwr --feature x --out trust.json | is there already, and no license is overwritten",
            })
    void saysWhatWillNotDo(String options, String why) throws IOException {
        not(2, why, ISSUE + options);
        assertEquals("", console.out());
        assertEquals(List.of(), tokens());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--issuer acme | by which key does the issuer sign?",
                "--issuer acme --key none.key | no such key file",
                "--issuer a/b --key acme.key | --issuer must be 1 to 64",
                "--issuer acme --key acme.key --pkcs11 pkcs11:token=a | Give --key FILE or --pkcs11 URI, and one alone",
                "--issuer acme --pkcs11 acme.key | that is no PKCS #11 URI; write it as",
                "--issuer acme --pkcs11 pkcs11:token=a;object=b?module-path=/none.so | which PIN has the token a?",
                "--key acme.key | whose license is it? Give --issuer NAME",
            })
    void asksForTheKeyAndTheIssuer(String options, String why) {
        not(2, why, "license issue --for dwr --feature com.acme.rain " + options);
    }

    @Test
    void issuesForEachDeviceOfATable() throws IOException {
        table(
                "\ufeffdevice,id,features,until,lasts",
                "dwr/311-a1/7,rain-7,,,",
                "",
                "dwr/311-a1/8,rain-8,\"com.acme.rain:targets=5,remote=true tunnel\",2099-01-01,");
        ok(ISSUE + "--feature com.acme.rain --lasts P365D --csv devices.csv --out out");
        assertEquals("2 licenses are in " + file("out") + "\n", console.out());
        License seven = license("out/dwr-311-a1-7.jwt");
        assertEquals("rain-7", seven.id().jti());
        assertEquals(new Scope("dwr/311-a1/7"), seven.subject());
        assertEquals(
                Optional.of(seven.issued().plus(Duration.ofDays(365))),
                seven.term().expires());
        License eight = license("out/dwr-311-a1-8.jwt");
        assertEquals(
                Optional.of(Instant.parse("2099-01-01T00:00:00Z")), eight.term().expires());
        assertEquals(
                List.of("com.acme.rain", "tunnel"), List.copyOf(eight.features().keySet()));
        not(2, "is there already, and no license is overwritten", ISSUE + "--feature x --csv devices.csv --out out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "device,id | dwr/311-a1/8,rain-7 | line 3: id rain-7 is in line 2 too",
                "device,id | dwr/311-a1/7,rain-8 | line 3: device dwr/311-a1/7 is in line 2 too",
                "device,id | dwr/311-a1,rain-8 | line 3: device is none: ",
                "device,id | dwr/311-a1/8 | line 3: it has 1 values, and there are 2 columns",
                "device,until | dwr/311-a1/8,never | line 3: until must be a date such as 2027-12-31",
                "device,features | dwr/311-a1/8,Rain | line 3: features must have names of",
                "device,hardware | dwr/311-a1/8,mac:x | line 3: at-least is missing",
                "device,id,id | dwr/311-a1/8,rain-8,rain-8 | line 1: the column id is there twice",
                "device,colour | dwr/311-a1/8,red | line 1: no such column: colour; there are device, id, seq",
                "id,until | rain-8,2099-01-01 | line 1: the first line must name the columns, and one of them device",
            })
    void issuesNothingWhereARowIsWrong(String columns, String row, String why) throws IOException {
        boolean isId = columns.startsWith("device,id");
        table(columns, "dwr/311-a1/7," + (isId ? "rain-7" : ""), row);
        not(2, why, ISSUE + "--feature com.acme.rain --csv devices.csv --out out");
        assertTrue(console.err().contains("nothing was issued"), console.err());
        assertFalse(Files.exists(file("out")));
    }

    @Test
    void drawsHowFarItIsOnATerminal() throws IOException {
        table("device", "dwr/311-a1/7", "dwr/311-a1/8");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Surroundings surroundings = new Surroundings(
                Map.of(),
                InputStream.nullInputStream(),
                stream,
                stream,
                new Screen.Terminal(80, false),
                List.of(),
                Clock.systemUTC());
        String line = "license issue --issuer acme --feature com.acme.rain --key " + file("acme.key") + " --csv "
                + file("devices.csv") + " --out " + file("out");
        assertEquals(0, Gatehouse.run(surroundings, line.split(" ")), out::toString);
        assertTrue(
                out.toString(StandardCharsets.UTF_8)
                        .contains("[##########..........]  50 %  sign 2 of 2  dwr/311-a1/8"),
                out::toString);
    }

    @Test
    void renewsWithTheNextSequenceAndTheSameClaims() {
        ok(RAIN + "--id rain --lasts P30D --grace P1D --out rain.jwt");
        ok("license issue --key acme.key --renew rain.jwt --lasts P60D --out rain.jwt");
        License renewed = license("rain.jwt");
        assertEquals(2, renewed.sequence());
        assertEquals("rain", renewed.id().jti());
        assertEquals(Duration.ofDays(1), renewed.term().grace());
        assertEquals(
                Optional.of(renewed.issued().plus(Duration.ofDays(60))),
                renewed.term().expires());
        not(2, "--until is missing: rain of acme is no subscription", "license issue --key acme.key --renew rain.jwt");
        not(2, "--renew changes nothing but the end", "license issue --key acme.key --renew rain.jwt --feature x");
        not(
                2,
                "and not --hardware-of",
                "license issue --key acme.key --renew rain.jwt --lasts P9D --hardware-of " + ONE);
        not(2, "is a license of acme, and --issuer is b", "license issue --key acme.key --issuer b --renew rain.jwt");
    }

    @Test
    void replacesByARenewalNothingButAnEarlierSequence() {
        ok(RAIN + "--id rain --out rain.jwt");
        ok(RAIN + "--id snow --out snow.jwt");
        String renew = "license issue --key acme.key --renew rain.jwt --lasts P30D --out ";
        String key = text("acme.key");
        not(2, "acme.key is there already, and is no earlier sequence of rain of acme", renew + "acme.key");
        assertEquals(key, text("acme.key"));
        not(2, "snow.jwt is there already", renew + "snow.jwt");
        ok(renew + "next.jwt");
        not(2, "next.jwt is there already", renew + "next.jwt");
        ok(renew + "rain.jwt");
        assertEquals(2, license("rain.jwt").sequence());
    }

    @Test
    void renewsASubscriptionByItsNextLease() {
        ok(RAIN + "--subscription-until 2099-01-01 --lease P30D --lasts P2D --out rain.jwt");
        ok("license issue --key acme.key --renew rain.jwt --out next.jwt");
        License next = license("next.jwt");
        assertEquals(
                Optional.of(next.issued().plus(Duration.ofDays(30))),
                next.term().expires());
        assertEquals(license("rain.jwt").term().subscription(), next.term().subscription());
        not(
                2,
                "--until must not be after the subscription's end",
                "license issue --key acme.key --renew rain.jwt --until 2099-01-02");
    }

    @Test
    void renewsNothingThatWasChanged() throws IOException {
        ok(RAIN + "--lasts P30D --out rain.jwt");
        String token = text("rain.jwt");
        int dot = token.lastIndexOf('.');
        String claims = new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
        String other = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.replace("rain", "snow").getBytes(StandardCharsets.UTF_8));
        Files.writeString(file("rain.jwt"), token.split("\\.")[0] + "." + other + token.substring(dot));
        not(2, "was changed since it was signed", "license issue --key acme.key --renew rain.jwt --lasts P30D");
    }

    private void table(String... lines) throws IOException {
        Files.writeString(file("devices.csv"), String.join("\r\n", lines) + "\r\n");
    }

    private License license(String name) {
        return Token.license(text(name)).claims();
    }

    private List<Path> tokens() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jwt")).toList();
        }
    }
}

package io.gatehouse.protocol.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LicenseTest {
    private static final String MAC = HardwareLock.fingerprint("mac", "02-fc-00-00-00-05");
    private static final String WHOLE = """
            {'jti':'rain-4711','iss':'acme','sub':'dwr/311-a1','iat':1780000000,'seq':3,
             'features':{'com.acme.rain':{'radar':true,'targets':50},'com.acme.snow':{}},
             'nbf':1780000000,'exp':1782592000,'subscription':{'until':1811536000,'lease':'PT720H'},'grace':'PT336H',
             'hardware':{'atLeast':1,'of':['%s']}}""".formatted(MAC);
    private static final String LEAST = "{'jti':'1','iss':'acme','sub':'dwr','iat':1,'seq':1,'features':{'tunnel':{}}}";

    @Test
    void readsWhatTheProtocolSays() {
        License license = read(WHOLE);
        assertEquals("rain-4711 of acme", license.id().toString());
        assertEquals("dwr/311-a1", license.subject().path());
        assertEquals(Instant.ofEpochSecond(1780000000), license.issued());
        assertEquals(3, license.sequence());
        assertEquals(
                "{radar=true, targets=50}",
                license.features().get("com.acme.rain").values().toString());
        assertEquals(Limits.NONE, license.features().get("com.acme.snow"));
        assertEquals(
                Optional.of(Instant.ofEpochSecond(1782592000)), license.term().expires());
        assertEquals(
                Duration.ofDays(10), license.term().subscription().orElseThrow().lead());
        assertEquals(Duration.ofDays(14), license.term().grace());
        assertEquals(1, license.lock().orElseThrow().atLeast());
    }

    @Test
    void readsTheSameThatItWrites() {
        for (String claims : new String[] {WHOLE, LEAST}) {
            License license = read(claims);
            assertEquals(license, License.read(Json.readStrict(Json.write(license.write()))));
        }
        assertEquals(
                json(WHOLE).values(),
                Json.readStrict(Json.write(read(WHOLE).write())).values());
    }

    @Test
    void aRenewalIsTheSameLicenseWithAGreaterSequence() {
        License license = read(WHOLE);
        License renewed = license.renewed(Instant.ofEpochSecond(1781000000), Term.PERPETUAL);
        assertEquals(license.id(), renewed.id());
        assertEquals(4, renewed.sequence());
        assertEquals(license.features(), renewed.features());
        assertEquals(Optional.empty(), renewed.term().expires());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'jti':'1'       | 'jti':''               | jti must be 1 to 128 visible characters of ASCII:",
                "'iss':'acme'    | 'iss':'a/b'            | iss must be 1 to 64 of letters, digits, '.', '_' and '-', the first a letter or digit: a/b",
                "'sub':'dwr'     | 'sub':'dwr//x'         | sub: scope \"dwr//x\": level \"\" must be 1 to 64 of letters, digits, '.', '_' and '-', the first a letter or digit",
                "'iat':1         | 'iat':-1               | iat must be from 0 to 253402300799: -1",
                "'iat':1         | 'iat':1.5              | iat must be a whole number: 1.5",
                "'seq':1         | 'seq':0                | seq must be from 1 to 9223372036854775807: 0",
                "'seq':1         | 'sequence':1           | seq is missing",
                "{'tunnel':{}}   | {}                     | features must name 1 to 64 of them: 0",
                "{'tunnel':{}}   | {'Tunnel':{}}          | features: a name must be up to 100 of a-z, 0-9 and '-' in words that dots separate, for example com.acme.rain: Tunnel",
                "{'tunnel':{}}   | {'tunnel':7}           | features.tunnel must be an object: 7",
                "{'tunnel':{}}   | {'tunnel':{'n':-1}}    | features.tunnel: limit n must be a whole number, at least 0, or true or false: -1",
                "{'tunnel':{}}   | {'tunnel':{'n':'x'}}   | features.tunnel: limit n must be a whole number, at least 0, or true or false: x",
                "{'tunnel':{}}   | {'tunnel':{'service.id':1}} | features.tunnel: a limit's name must be up to 40 letters and digits, the first a small letter, and not differ from another by case alone: service.id",
                "{'tunnel':{}}   | {'tunnel':{'aB':1,'ab':1}} | features.tunnel: a limit's name must be up to 40 letters and digits, the first a small letter, and not differ from another by case alone: ab",
                "'seq':1         | 'seq':1,'nbf':9,'exp':9 | exp must be after nbf 9: 9",
                "'seq':1         | 'seq':1,'grace':'P1D'  | grace has no meaning where nothing ends: PT24H",
                "'seq':1         | 'seq':1,'exp':9,'grace':'soon' | grace must be a duration such as PT30S: soon",
                "'seq':1         | 'seq':1,'exp':9,'grace':-1 | grace must be from PT0S to P36600D: PT-1S",
                "'seq':1         | 'seq':1,'evaluation':'PT1S' | evaluation must be from PT1M to P36600D: PT1S",
                "'seq':1         | 'seq':1,'subscription':{'until':9,'lease':'P30D'} | exp is missing: a subscription's lease ends",
                "'seq':1         | 'seq':1,'exp':10,'subscription':{'until':9,'lease':'P30D'} | exp must not be after subscription.until 9: 10",
                "'seq':1         | 'seq':1,'exp':9,'evaluation':'P1D','subscription':{'until':9,'lease':'P30D'} | a license is a subscription or an evaluation, and not both",
                "'seq':1         | 'seq':1,'hardware':{'atLeast':1,'of':[]} | hardware.of must have 1 to 32 fingerprints, each once: 0",
                "'seq':1         | 'seq':1,'hardware':{'atLeast':1,'of':['mac:x']} | hardware.of must be fingerprints, <kind>:<22 characters of base64url>: mac:x",
                "'seq':1         | 'seq':1,'hardware':{'atLeast':2,'of':['mac:AAAAAAAAAAAAAAAAAAAAAA']} | hardware.atLeast must be from 1 to 1: 2",
            })
    void refusesAClaimThatWillNotDoByItsNameAndValue(String claim, String instead, String why) {
        String claims = LEAST.replace(claim.strip(), instead.strip());
        assertEquals(
                why,
                String.valueOf(assertThrows(BadArgument.class, () -> read(claims))
                                .getMessage())
                        .strip());
    }

    @Test
    void ofTwoGrantsTheGreaterLimitCountsAndNoneIsTheGreatest() {
        Limits few = limits("{'targets':5,'radar':false,'only':1}");
        Limits many = limits("{'targets':50,'radar':true}");
        assertEquals(limits("{'targets':50,'radar':true}"), few.or(many));
        assertEquals(few.or(many), many.or(few));
        assertEquals(Limits.NONE, few.or(Limits.NONE));
    }

    @Test
    void countsTheFingerprintsThatADeviceHas() {
        HardwareLock lock = new HardwareLock(
                2,
                List.of(
                        HardwareLock.fingerprint("mac", "a"),
                        HardwareLock.fingerprint("board", "b"),
                        HardwareLock.fingerprint("modem", "c")));
        assertEquals(
                2, lock.matches(Set.of(HardwareLock.fingerprint("mac", "a"), HardwareLock.fingerprint("board", "b"))));
        assertEquals(0, lock.matches(Set.of(HardwareLock.fingerprint("board", "a"))), "of another kind");
        assertTrue(HardwareLock.fingerprint("mac", "a").matches("mac:[A-Za-z0-9_-]{22}"));
    }

    private static Limits limits(String json) {
        return Limits.read(json(json));
    }

    private static License read(String claims) {
        return License.read(json(claims));
    }

    private static Members json(String text) {
        return Json.readStrict(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}

package io.gatehouse.protocol.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TrustDocumentTest {
    private static final String CA = Fleet.resource("acme-ca.pem");
    private static final String HOST_KEY = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

    private final Fleet fleet = new Fleet();
    private final Map<String, Object> key = new LinkedHashMap<>(Map.of(
            "kid", fleet.root.kid(),
            "jwk", fleet.root.jwk().write(),
            "roles", List.of("root", "operator"),
            "scopes", List.of("dwr", "world/asia")));
    private final List<Object> keys = new ArrayList<>(List.of(key));
    private final Map<String, Object> vendor = new LinkedHashMap<>(Map.of(
            "name",
            "acme",
            "certificate",
            CA,
            "names",
            List.of("com.acme.*"),
            "grants",
            Map.of("topics", List.of("acme/#"))));
    private final List<Object> vendors = new ArrayList<>(List.of(vendor));
    private final Map<String, Object> document =
            new LinkedHashMap<>(Map.of("version", 7, "keys", keys, "vendors", vendors));

    @Test
    void readsWhatTheProtocolSays() {
        TrustDocument read = read();
        assertEquals(7, read.version());
        assertEquals(fleet.root.jwk(), read.keys().get(0).jwk());
        assertFalse(read.keys().get(0).retired());
        assertEquals(List.of("com.acme.*"), read.vendors().get(0).names());
        assertEquals(Map.of("topics", List.of("acme/#")), read.vendors().get(0).grants());
        assertEquals(
                "CN=Acme CA",
                read.vendors().get(0).authority().getSubjectX500Principal().getName());
    }

    @Test
    void readsTheSameThatItWrites() {
        TrustDocument read = read();
        byte[] written = Json.write(read.write());
        assertEquals(read, TrustDocument.read(Json.readStrict(written)));
        assertEquals(fleet.document, TrustDocument.read(Json.read(Json.write(fleet.document.write()))));
    }

    @Test
    void readsAndWritesWhatAKeyMayLicense() {
        key.put("roles", List.of("root", "license"));
        key.put("issuer", "acme");
        key.put("features", List.of("tunnel", "com.acme.*"));
        TrustDocument read = read();
        Licensor licensor = read.keys().get(0).licensor().orElseThrow();
        assertEquals(new Licensor("acme", List.of("tunnel", "com.acme.*")), licensor);
        assertTrue(licensor.mayGrant("tunnel"));
        assertTrue(licensor.mayGrant("com.acme.rain"));
        assertFalse(licensor.mayGrant("com.acme"));
        assertFalse(licensor.mayGrant("tunnel.x"));
        assertEquals(read, TrustDocument.read(Json.readStrict(Json.write(read.write()))));
    }

    @Test
    void refusesAKeyThatLicensesNothingByName() {
        key.put("roles", List.of("root", "license"));
        assertEquals("spec.keys[0].issuer is missing", refused());
        key.put("issuer", "a/b");
        assertTrue(refused().startsWith("spec.keys[0].issuer must be 1 to 64 of letters"), refused());
        key.put("issuer", "acme.x");
        assertTrue(refused().startsWith("spec.keys[0].issuer must be 1 to 64 of letters"), refused());
        key.put("issuer", "acme");
        assertTrue(refused().startsWith("spec.keys[0].features must name what it may grant"), refused());
        key.put("features", List.of("com.acme.*", "Com.Acme"));
        assertEquals(
                "spec.keys[0].features must be a feature such as com.acme.rain, com.acme.* for all below a name, or *: Com.Acme",
                refused());
    }

    @Test
    void readsAndWritesTheRelaysThereAre() {
        assertEquals(List.of(), read().relays());
        assertFalse(read().write().containsKey("relays"));
        document.put("relays", List.of(Map.of("address", "[2001:db8::1]:2222", "hostKeys", List.of(HOST_KEY))));
        TrustDocument read = read();
        assertEquals(List.of(new Relay("[2001:db8::1]:2222", List.of(HOST_KEY))), read.relays());
        assertEquals(read, TrustDocument.read(Json.readStrict(Json.write(read.write()))));
    }

    @ParameterizedTest
    @CsvSource({
        "relay.example, must be host:port",
        "relay.example:0, must be host:port",
        "relay.example:65536, must be host:port",
        "relay example:22, must be host:port",
        "-oProxyCommand=x:22:22, must be host:port"
    })
    void relaysMustHaveAnAddress(String address, String why) {
        document.put("relays", List.of(Map.of("address", address, "hostKeys", List.of(HOST_KEY))));
        String message = assertThrows(BadArgument.class, this::read).getMessage();
        assertTrue(message.startsWith("spec.relays[0].address") && message.contains(why), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MD5:00", "SHA256:short", "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="})
    void relaysMustHaveKeys(String key) {
        List<String> keys = key.isEmpty() ? List.of() : List.of(key);
        document.put("relays", List.of(Map.of("address", "relay.example:22", "hostKeys", keys)));
        assertTrue(assertThrows(BadArgument.class, this::read).getMessage().contains("host key"));
    }

    @Test
    void noRelayMayBeThereTwice() {
        Map<String, ?> relay = Map.of("address", "relay.example:22", "hostKeys", List.of(HOST_KEY));
        document.put("relays", List.of(relay, relay));
        assertTrue(assertThrows(BadArgument.class, this::read).getMessage().contains("is there twice"));
    }

    @Test
    void ignoresMembersThatItDoesNotKnow() {
        TrustDocument before = read();
        document.put("note", "the summer's keys");
        key.put("owner", "anna");
        assertEquals(before, read());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "9007199254740992"})
    void versionMustBeAPositiveNumberThatEverybodyReads(long version) {
        document.put("version", version);
        assertEquals("spec.version must be from 1 to 9007199254740991: " + version, refused());
    }

    @Test
    void kidMustBeTheThumbprintOfItsJwk() {
        key.put("kid", fleet.operator.kid());
        assertEquals(
                "spec.keys[0].kid must be the thumbprint of its jwk, " + fleet.root.kid() + ": " + fleet.operator.kid(),
                refused());
    }

    @Test
    void noKidMayBeThereTwice() {
        keys.add(new LinkedHashMap<>(key));
        assertEquals("spec.keys[1].kid is there twice: " + fleet.root.kid(), refused());
    }

    @Test
    void oneRootMustNotBeRetired() {
        key.put("retired", true);
        assertEquals("spec.keys must have one with the role root that is not retired: 1 keys", refused());
        key.put("retired", false);
        key.put("roles", List.of("operator"));
        assertEquals("spec.keys must have one with the role root that is not retired: 1 keys", refused());
        document.remove("keys");
        assertEquals("spec.keys must have one with the role root that is not retired: 0 keys", refused());
    }

    @Test
    void rolesMustBeKnown() {
        key.put("roles", List.of("root", "admin"));
        assertEquals("spec.keys[0].roles must be of root, operator, vouch, firmware, license: admin", refused());
        key.put("roles", List.of());
        assertEquals("spec.keys[0].roles must name a role: a key without one may sign nothing", refused());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "#           | level \"#\" must be",
                "+/311-a1    | level \"+\" must be",
                "dwr/        | level \"\" must be",
                "/dwr        | level \"\" must be",
                "dwr//311-a1 | level \"\" must be",
                "dwr/../x    | level \"..\" must be",
                "dwr/cmd     | \"cmd\" is a reserved word",
                "''          | level \"\" must be",
            })
    void scopesMustBeWellFormed(String scope, String why) {
        key.put("scopes", List.of("world", scope));
        String message = refused();
        assertTrue(message.startsWith("spec.keys[0].scopes[1]: scope \"" + scope + "\": " + why), message);
    }

    @Test
    void keyMustHaveAScope() {
        key.remove("scopes");
        assertEquals("spec.keys[0].scopes must name a scope: a key without one may sign nothing", refused());
    }

    @Test
    void jwkMustBeAPublicKey() {
        key.put("jwk", Map.of("kty", "OKP", "crv", "Ed25519", "x", "A".repeat(43)));
        assertEquals(
                "spec.keys[0].jwk.x must be an Ed25519 public key, 32 bytes in base64url: " + "A".repeat(43),
                refused());
        key.put("jwk", "AAAA");
        assertEquals("spec.keys[0].jwk must be an object: AAAA", refused());
    }

    @ParameterizedTest
    @ValueSource(strings = {"kid", "jwk"})
    void whatIsNeededOfAKeyIsNamed(String member) {
        key.remove(member);
        assertEquals("spec.keys[0]." + member + " is missing", refused());
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "certificate"})
    void whatIsNeededOfAVendorIsNamed(String member) {
        vendor.remove(member);
        assertEquals("spec.vendors[0]." + member + " is missing", refused());
    }

    @Test
    void noVendorMayBeThereTwice() {
        vendors.add(new LinkedHashMap<>(vendor));
        assertEquals("spec.vendors[1].name is there twice: acme", refused());
    }

    @Test
    void vendorsCertificateMustBeThatOfOneAuthority() {
        String begin = "spec.vendors[0].certificate must be one X.509 certificate of a CA in PEM: ";
        vendor.put("certificate", Fleet.resource("acme-no-ca.pem"));
        assertEquals(begin + "it is no CA's", refused());
        vendor.put("certificate", CA + CA);
        assertEquals(begin + "there are 2", refused());
        vendor.put("certificate", "");
        assertEquals(begin + "there are 0", refused());
        vendor.put("certificate", CA.substring(0, 300));
        assertTrue(refused().startsWith(begin), refused());
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "", ".*", "com.*.acme", "com.acme*", "com..acme", "com.acme.**", "com acme"})
    void vendorsNamesMustBeSymbolicNamesOrAllBelowOne(String pattern) {
        vendor.put("names", List.of(pattern));
        assertEquals(
                "spec.vendors[0].names must be symbolic names, such as com.acme.modbus or com.acme.*: " + pattern,
                refused());
    }

    @Test
    void vendorMustHaveAName() {
        vendor.put("names", List.of());
        assertEquals("spec.vendors[0].names must name a bundle, for example com.acme.*", refused());
    }

    @Test
    void grantsAreReadAndWhatIsUnknownOfThemIsIgnored() {
        vendor.put(
                "grants",
                Map.of(
                        "packages", List.of("org.example.*"),
                        "services", List.of("io.gatehouse.api.artifact.Artifacts"),
                        "exports", List.of("com.acme.api"),
                        "topics", List.of("acme/#", "hardware/rain"),
                        "moods", 7));
        Vendor read = read().vendors().get(0);
        assertEquals(List.of("org.example.*"), read.packages());
        assertEquals(List.of("io.gatehouse.api.artifact.Artifacts"), read.services());
        assertEquals(List.of("com.acme.api"), read.exports());
        for (String topic : List.of("acme/rain", "acme/#", "hardware/rain")) {
            assertTrue(read.mayPublishAt(topic), topic);
        }
        for (String topic : List.of("acmes/rain", "hardware/raindrops", "hardware/#")) {
            assertFalse(read.mayPublishAt(topic), topic);
        }
    }

    @Test
    void vendorWithoutGrantsHasNoneAndPublishesAnywhere() {
        vendor.remove("grants");
        Vendor read = read().vendors().get(0);
        assertEquals(List.of(), read.packages());
        assertEquals(List.of(), read.services());
        assertEquals(List.of(), read.exports());
        assertTrue(read.mayPublishAt("hardware/rain"));
    }

    @Test
    void noTopicsAtAllCanBeGranted() {
        vendor.put("grants", Map.of("topics", List.of()));
        assertFalse(read().vendors().get(0).mayPublishAt("acme/rain"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "packages | *           | names of Java, such as org.example.io or org.example.*",
                "packages | org.*.x     | names of Java, such as org.example.io or org.example.*",
                "services | org example | names of Java, such as org.example.io or org.example.*",
                "exports  | ''          | names of Java, such as org.example.io or org.example.*",
                "topics   | #           | topics such as acme/rain, or acme/# for all of an area",
                "topics   | +/rain      | topics such as acme/rain, or acme/# for all of an area",
                "topics   | event/#     | topics such as acme/rain, or acme/# for all of an area",
                "topics   | a/b/c       | topics such as acme/rain, or acme/# for all of an area",
            })
    void grantsMustBeOfTheirForm(String grant, String pattern, String form) {
        vendor.put("grants", Map.of(grant, List.of(pattern)));
        assertEquals("spec.vendors[0].grants." + grant + " must be " + form + ": " + pattern, refused());
    }

    @Test
    void grantsThatAreIllTypedAreNamed() {
        vendor.put("grants", List.of());
        assertEquals("spec.vendors[0].grants must be an object: []", refused());
        vendor.put("grants", Map.of("packages", "org.example"));
        assertEquals("spec.vendors[0].grants.packages must be a list: org.example", refused());
        vendor.put("grants", Map.of("services", List.of(1)));
        assertEquals("spec.vendors[0].grants.services[0] must be a string: 1", refused());
    }

    private TrustDocument read() {
        Members payload = Json.readStrict(Json.write(Map.of("spec", document)));
        return TrustDocument.read(payload.object("spec"));
    }

    private String refused() {
        return String.valueOf(assertThrows(BadArgument.class, this::read).getMessage());
    }
}

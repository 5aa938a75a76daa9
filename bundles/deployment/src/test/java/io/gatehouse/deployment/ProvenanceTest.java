package io.gatehouse.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.trust.Vendor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {
    private static final Instant IN_TIME = Instant.parse("2025-06-01T00:00:00Z");

    @TempDir
    static Path folder;

    private static VendorKeys acme;
    private static VendorKeys other;
    private static Vendor vendor;

    private Provenance provenance;
    private TestJars jars;

    @BeforeAll
    static void keys() throws Exception {
        acme = new VendorKeys(folder, "acme");
        acme.certify("release", 365);
        acme.certify("device", 365, "-ext", "eku=clientAuth");
        acme.certify("code", 365, "-ext", "eku=codeSigning", "-ext", "ku=digitalSignature");
        other = new VendorKeys(folder, "other");
        other.certify("release", 365);
        other.certify("long", 3650);
        vendor = acme.vendor("com.acme.*", "acme");
    }

    @BeforeEach
    void begins() {
        provenance = new Provenance(() -> Optional.of(TestTrust.document(List.of(vendor))));
        jars = new TestJars(folder);
    }

    // --- signed

    @Test
    void vendorAnswersForWhatItSignedUnderItsNames() throws Exception {
        for (String signer : List.of("release", "code", "ca")) {
            for (String name : List.of("com.acme.rain", "acme")) {
                Path jar = acme.sign(jars.bundle(name, "1.0.0"), signer);
                assertEquals(Optional.of("acme"), vendorOf(jar, IN_TIME), signer + " " + name);
            }
        }
    }

    @Test
    void refusesWhatNobodySigned() throws Exception {
        Refused refused = refusal(jars.bundle("com.acme.rain", "1.0.0"), IN_TIME);
        assertEquals("unsigned-jar", refused.problem().type());
        assertTrue(refused.getMessage().contains("content.txt")
                && refused.getMessage().contains("vouch"));
    }

    @Test
    void refusesNamesOfOthers() throws Exception {
        for (String name : List.of("io.gatehouse.dispatch", "com.acmeevil", "com.acme")) {
            Refused refused = refusal(acme.sign(jars.bundle(name, "1.0.0"), "release"), IN_TIME);
            assertEquals("unknown-vendor", refused.problem().type());
            assertTrue(refused.getMessage().contains("CN=release"), refused::getMessage);
        }
    }

    @Test
    void refusesAnotherVendorsSignature() throws Exception {
        Refused refused = refusal(other.sign(jars.bundle("com.acme.rain", "1.0.0"), "release"), IN_TIME);
        assertEquals("unknown-vendor", refused.problem().type());
    }

    @Test
    void anothersSignatureBesideIsOfNoMatter() throws Exception {
        Path jar = other.sign(acme.sign(jars.bundle("com.acme.rain", "1.0.0"), "code"), "release");
        assertEquals(Optional.of("acme"), vendorOf(jar, IN_TIME));
    }

    @Test
    void refusesWhatWasChangedAddedOrSignedInPart() throws Exception {
        Path jar = acme.sign(jars.bundle("com.acme.rain", "1.0.0"), "release");
        assertEquals(
                "bad-jar-signature",
                refusal(VendorKeys.with(jar, "content.txt", "changed"), IN_TIME)
                        .problem()
                        .type());
        assertEquals(
                "unsigned-jar",
                refusal(VendorKeys.with(jar, "added.txt", "x"), IN_TIME)
                        .problem()
                        .type());
        assertEquals(
                "unsigned-jar",
                refusal(VendorKeys.with(jar, "META-INF/x/ADDED.SF", "x"), IN_TIME)
                        .problem()
                        .type());
        Refused refused = refusal(VendorKeys.with(jar, "META-INF/services/java.sql.Driver", "x"), IN_TIME);
        assertTrue(refused.getMessage().contains("META-INF/services/java.sql.Driver"), refused::getMessage);
    }

    @Test
    void refusesAChangedManifest() throws Exception {
        Path jar = acme.sign(jars.bundle("com.acme.rain", "1.0.0"), "release");
        Path changed = VendorKeys.withHeader(jar, "Bundle-Activator", "com.acme.Evil");
        assertEquals("bad-jar-signature", refusal(changed, IN_TIME).problem().type());
        Path renamed = VendorKeys.withHeader(
                acme.sign(jars.bundle("org.stranger", "1.0.0"), "release"), "Bundle-SymbolicName", "com.acme.rain");
        assertEquals("bad-jar-signature", refusal(renamed, IN_TIME).problem().type());
    }

    @Test
    void refusesACertificateForSomethingElse() throws Exception {
        Refused refused = refusal(acme.sign(jars.bundle("com.acme.rain", "1.0.0"), "device"), IN_TIME);
        assertEquals("unknown-vendor", refused.problem().type());
    }

    // --- time

    @Test
    void certificateMustHaveBeenValidWhenTheFeatureWasSigned() throws Exception {
        Path jar = acme.sign(jars.bundle("com.acme.rain", "1.0.0"), "release");
        assertEquals(Optional.of("acme"), vendorOf(jar, Instant.parse("2025-12-31T23:00:00Z")));
        for (String at : List.of("2026-01-02T00:00:00Z", "2024-12-30T00:00:00Z")) {
            Refused refused = refusal(jar, Instant.parse(at));
            assertEquals("certificate-not-valid", refused.problem().type());
            assertTrue(refused.getMessage().contains("2025-01-01")
                    && refused.getMessage().contains(at));
        }
    }

    @Test
    void anotherVendorAnswersWhereTheFirstOnesCertificateHasEnded() throws Exception {
        Vendor second = other.vendor("com.acme.rain");
        provenance = new Provenance(() -> Optional.of(TestTrust.document(List.of(vendor, second))));
        Path jar = other.sign(acme.sign(jars.bundle("com.acme.rain", "1.0.0"), "release"), "long");
        Instant after = Instant.parse("2026-01-02T00:00:00Z");
        assertEquals(Optional.of(second), provenance.of("rain", TestJars.read(jar), signedBy(after)));
    }

    // --- vouched for

    @Test
    void keyThatVouchesAnswersForWhatNobodySigned() throws Exception {
        Jar gson = TestJars.read(jars.bundle("com.google.gson", "2.0.0"));
        assertEquals(Optional.empty(), provenance.of("gson", gson, Optional.of(Fleet.SIGNATURE)));
    }

    @Test
    void keyThatVouchesAnswersForWhatAVendorSignedWithACertificateThatHasEnded() throws Exception {
        Jar rain = TestJars.read(acme.sign(jars.bundle("com.acme.rain", "1.0.0"), "release"));
        assertEquals(Optional.empty(), provenance.of("rain", rain, Optional.of(Fleet.SIGNATURE)));
    }

    @Test
    void keyThatVouchesDoesNotAnswerForWhatWasTamperedWith() throws Exception {
        Path jar =
                VendorKeys.with(acme.sign(jars.bundle("com.acme.rain", "1.0.0"), "release"), "content.txt", "changed");
        Jar changed = TestJars.read(jar);
        Refused refused =
                assertThrows(Refused.class, () -> provenance.of("rain", changed, Optional.of(Fleet.SIGNATURE)));
        assertEquals("bad-jar-signature", refused.problem().type());
    }

    @Test
    void nobodyAnswersForAFeatureThatNobodySigned() throws Exception {
        Jar rain = TestJars.read(acme.sign(jars.bundle("com.acme.rain", "1.0.0"), "release"));
        Refused refused = assertThrows(Refused.class, () -> provenance.of("rain", rain, Optional.empty()));
        assertEquals("unsigned", refused.problem().type());
    }

    @Test
    void withoutATrustDocumentNobodyAnswers() throws Exception {
        Jar jar = TestJars.read(jars.bundle("com.acme.rain", "1.0.0"));
        Refused refused = assertThrows(
                Refused.class, () -> new Provenance(Optional::empty).of("rain", jar, Optional.of(Fleet.SIGNATURE)));
        assertEquals("no-trust", refused.problem().type());
    }

    // --- fragments

    @Test
    void vendorsFragmentsAreOfItsOwnBundles() throws Exception {
        Path own = jars.bundle("com.acme.rain.nl", "1.0.0", "Fragment-Host", "com.acme.rain;bundle-version=1");
        assertEquals(Optional.of("acme"), vendorOf(acme.sign(own, "release"), IN_TIME));
        Path foreign = jars.bundle("com.acme.rain.nl", "1.0.0", "Fragment-Host", "io.gatehouse.dispatch");
        assertEquals(
                "foreign-fragment",
                refusal(acme.sign(foreign, "release"), IN_TIME).problem().type());
    }

    private Optional<String> vendorOf(Path jar, Instant at) throws Refused {
        return provenance.of("rain", TestJars.read(jar), signedBy(at)).map(Vendor::name);
    }

    private Refused refusal(Path jar, Instant at) throws Refused {
        Jar read = TestJars.read(jar);
        return assertThrows(Refused.class, () -> provenance.of("rain", read, signedBy(at)));
    }

    /** By a key that does not vouch. */
    private static Optional<Desired.Signature> signedBy(Instant at) {
        return Optional.of(new Desired.Signature(TestTrust.CLERK.kid(), at));
    }
}

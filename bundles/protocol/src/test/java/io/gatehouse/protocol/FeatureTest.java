package io.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeatureTest {
    private static final String SHA = "0123456789abcdef".repeat(4);
    private static final String GOOD =
            "{\"feature-resource-version\":\"1.0\",\"id\":\"com.acme:modbus:1.2.0\",\"bundles\":["
                    + "{\"id\":\"com.acme:lib:1.0\",\"sha256\":\"" + SHA + "\",\"size\":12,\"hash\":\"ignored\"},"
                    + "{\"id\":\"com.acme:modbus:1.2.0\",\"sha256\":\"" + SHA
                    + "\",\"size\":34,\"url\":\"https://a/b.jar\"}],"
                    + "\"configurations\":{\"com.acme.modbus\":{\"port\":502,\"hosts:String[]\":[\"a\"]}}}";

    @Test
    void readsBundlesInOrderWithTheirDigests() {
        Feature feature = read(GOOD);
        assertEquals("com.acme:modbus:1.2.0", feature.id());
        assertEquals("com.acme:modbus", feature.name());
        assertEquals(
                List.of("com.acme:lib:1.0", "com.acme:modbus:1.2.0"),
                feature.bundles().stream().map(Feature.Bundle::id).toList());
        assertEquals(SHA, feature.bundles().get(0).artifact().sha256().hex());
        assertEquals(12, feature.bundles().get(0).artifact().size());
        assertEquals(Optional.empty(), feature.bundles().get(0).artifact().url());
        assertEquals(
                Optional.of(URI.create("https://a/b.jar")),
                feature.bundles().get(1).artifact().url());
        assertEquals(
                Map.of("com.acme.modbus", Map.of("port", 502L, "hosts:String[]", List.of("a"))),
                feature.configurations());
    }

    @Test
    void needsNeitherBundlesNorConfigurationsNorVersion() {
        Feature feature = read("{\"id\":\"g:a:1\"}");
        assertEquals(new Feature("g:a:1", List.of(), Map.of()), feature);
    }

    @Test
    void isReadAsItWasWritten() {
        Feature feature = read(GOOD);
        assertEquals(feature, Feature.read(Json.read(Json.write(feature.write()))));
    }

    @Test
    void namesTheMemberThatIsWrong() {
        refuses(GOOD.replace("\"1.0\",\"id\"", "\"2.0\",\"id\""), "feature-resource-version");
        refuses(GOOD.replace("com.acme:modbus:1.2.0\",\"bundles", "modbus\",\"bundles"), "id must be");
        refuses(GOOD.replace("com.acme:lib:1.0", "a:b"), "bundles[0].id");
        refuses(GOOD.replace("com.acme:lib:1.0", "a:b/../c:1"), "bundles[0].id");
        refuses(GOOD.replaceFirst(SHA, SHA.toUpperCase(java.util.Locale.ROOT)), "bundles[0].sha256");
        refuses(GOOD.replaceFirst("\"sha256\"", "\"sha512\""), "bundles[0].sha256 is missing");
        refuses(GOOD.replace("\"size\":34", "\"size\":0"), "bundles[1].size");
        refuses(GOOD.replace("\"size\":34", "\"size\":\"34\""), "bundles[1].size");
        refuses(GOOD.replace("https://a", "ftp://a"), "bundles[1].url");
        refuses(GOOD.replace("https://a/b.jar", "https://a b"), "bundles[1].url");
        refuses(GOOD.replace("https://a/b.jar", "https:///b.jar"), "bundles[1].url");
        refuses(GOOD.replace("https://a/b.jar", "https:me:secret@a/b.jar"), ": …");
        refuses(GOOD.replace("https://a/b.jar", "https://me:secret@a b/c.jar?key=secret"), "https://***@a b/c.jar?…");
        refuses(GOOD.replace("{\"port\":502,\"hosts:String[]\":[\"a\"]}", "7"), "configurations.com.acme.modbus");
        refuses("{\"id\":\"g:a:1\",\"bundles\":{}}", "bundles must be a list");
        refuses("{\"id\":\"g:a:1\",\"bundles\":[7]}", "bundles[0]");
    }

    @Test
    void namesTheMemberByItsPathInTheWholeEnvelope() {
        Members members = Members.of("spec", Map.of("id", 7L));
        String message =
                assertThrows(BadArgument.class, () -> Feature.read(members)).getMessage();
        assertTrue(message.contains("spec.id"), message);
    }

    private static void refuses(String text, String named) {
        String message = assertThrows(BadArgument.class, () -> read(text), text).getMessage();
        assertTrue(message.contains(named), message);
    }

    private static Feature read(String text) {
        return Feature.read(Json.read(text.getBytes(StandardCharsets.UTF_8)));
    }
}

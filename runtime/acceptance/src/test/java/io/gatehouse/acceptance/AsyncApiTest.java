package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.gatehouse.protocol.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway says is what docs/asyncapi.yaml says: each message belongs to one channel there and fits its schema. */
final class AsyncApiTest {
    private static final String DEVICE = "dwr/311-a1/asyncapi";
    private static final Set<String> EXPECTED = Set.of(
            "status",
            "reportedFeature",
            "desiredFeature",
            "reportedTrust",
            "desiredTrust",
            "reportedLicense",
            "reportedFirmware",
            "reportedRuntime",
            "command",
            "reply",
            "artifactGet",
            "loadavg",
            "cpu",
            "memory",
            "storage",
            "ipv4",
            "ipv6",
            "traffic",
            "firmware",
            "runtimeBundles",
            "event");

    private final ObjectMapper json = new ObjectMapper();
    private final JsonNode document;

    @TempDir
    Path folder;

    AsyncApiTest() throws IOException {
        document = new ObjectMapper(new YAMLFactory())
                .readTree(Path.of("../../docs/asyncapi.yaml").toFile());
    }

    @Test
    void eachMessageOfARunningGatewayFitsItsChannel() throws IOException {
        try (Artemis broker = new Artemis(Files.createDirectories(folder.resolve("broker")))) {
            broker.start();
            GatewayProcess gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"));
            try (gateway;
                    Operator operator = Operator.at(broker.uri())) {
                provoke(operator);
                check(operator.all(message -> !message.topic().contains("/example/")));
            }
        }
    }

    /** Brings about one of each: observations, a change, a change that is put back, a refused list, a command. */
    private void provoke(Operator operator) {
        Bundles bundles = new Bundles(folder);
        operator.await("the gateway", message -> message.topic().equals(DEVICE + "/status"));
        operator.command(DEVICE, "ping", Map.of());
        Feature good = operator.feature("com.acme:good:1", bundles.collector("good", "1.0.0"));
        operator.ended(DEVICE, DEVICE + "/desired/feature/good", operator.desire(DEVICE, "good", good));
        Feature bad = operator.feature(
                "com.acme:bad:1", bundles.activator("bad", "1.0.0", "throw new IllegalStateException(\"no coffee\");"));
        operator.ended(DEVICE, DEVICE + "/desired/feature/bad", operator.desire(DEVICE, "bad", bad));
        operator.publish(DEVICE + "/desired/revocation/acme", Licenses.payload("no list"), true);
        operator.await(
                "the refusal of a revocation list",
                message -> message.topic().equals(DEVICE + "/reported/license")
                        && !message.body().objects("revocations").isEmpty());
        operator.await("traffic with rates", message -> message.topic().equals(DEVICE + "/network/traffic"));
    }

    private void check(List<Operator.Heard> messages) throws IOException {
        Map<String, Pattern> channels = channels();
        Set<String> seen = new TreeSet<>();
        for (Operator.Heard message : messages) {
            List<String> fitting = new ArrayList<>();
            channels.forEach((name, address) -> {
                if (address.matcher(message.topic()).matches()) {
                    fitting.add(name);
                }
            });
            assertEquals(1, fitting.size(), message.topic() + " belongs to " + fitting);
            seen.add(fitting.get(0));
            Set<ValidationMessage> complaints = schema(fitting.get(0)).validate(json.readTree(message.payload()));
            assertTrue(
                    complaints.isEmpty(),
                    () -> message.topic() + " " + new String(message.payload(), java.nio.charset.StandardCharsets.UTF_8)
                            + ": " + complaints);
        }
        Set<String> missing = new TreeSet<>(EXPECTED);
        missing.removeAll(seen);
        assertEquals(Set.of(), missing, "channels of which nothing was heard");
    }

    private Map<String, Pattern> channels() {
        Map<String, Pattern> channels = new HashMap<>();
        document.get("channels").properties().forEach(channel -> {
            String address = channel.getValue().get("address").asText();
            channels.put(
                    channel.getKey(),
                    Pattern.compile(address.replace("{device}", "[^/]+/[^/]+/[^/]+")
                            .replace("{scope}", "[^/]+(/[^/]+)*")
                            .replaceAll("\\{\\w+}", "[^/]+")));
        });
        return channels;
    }

    private JsonSchema schema(String channel) {
        ObjectNode schema = json.createObjectNode();
        JsonNode messages = document.get("channels").get(channel).get("messages");
        JsonNode payload = messages.elements().next().get("payload");
        schema.setAll((ObjectNode) payload);
        schema.set("components", document.get("components"));
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
    }
}

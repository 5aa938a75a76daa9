package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.Licensor;
import io.gatehouse.protocol.trust.ProtectedHeader;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker in the enemy's hands: he hears all that is published, sends it again when and where he likes, changed or not, and
 * has keys of his own, an operator's of another fleet and one that was retired. Each rule of the protocol's section on
 * signatures is tried by what it stands against, on a running gateway.
 */
final class EnemyTest {
    private static final String DEVICE = "dwr/311-a1/enemy";
    private static final Topic.Command PING = new Topic.Command(DEVICE, "ping");
    private static final Duration LIFE = Duration.ofMinutes(5);

    private static final SigningKey ROOT = SigningKey.generate();
    private static final SigningKey OPERATOR = SigningKey.generate();
    private static final SigningKey FARAWAY = SigningKey.generate();
    private static final SigningKey LICENSOR = SigningKey.generate();
    private static final SigningKey RETIRED = SigningKey.generate();
    private static final SigningKey HIS_OWN = SigningKey.generate();

    @TempDir
    static Path folder;

    private static Mosquitto broker;
    private static GatewayProcess gateway;
    private static Operator witness;
    private static Enemy enemy;
    private static int made;

    @BeforeAll
    static void start() throws IOException {
        Mosquitto.assumeInstalled();
        broker = new Mosquitto(Files.createDirectories(folder.resolve("broker")));
        broker.start();
        enemy = new Enemy(broker.uri());
        witness = Operator.at(Access.to(broker.uri()), "another/fleet", "#");
        gateway = GatewayProcess.start(
                broker.uri(), DEVICE, folder.resolve("state"), "-D", "gatehouse.root=" + ROOT.kid());
        enemy.publish(trust(document(7), Instant.now().minusSeconds(60), ROOT));
        witness.await("the trust document", message -> message.topic().equals(DEVICE + "/reported/trust"));
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
            witness.close();
            enemy.close();
            broker.close();
        }
    }

    // --- commands

    @Test
    void whatTheOperatorSignedIsRunOnceHoweverOftenItComes() {
        Message ping = signed(OPERATOR, command(), Instant.now());
        enemy.publish(ping);
        assertInstanceOf(Outcome.Done.class, end(ping));
        Members first = witness.ends(reply(ping)).get(0).body();
        enemy.publish(ping);
        witness.await("the end again", message -> witness.ends(reply(ping)).size() == 2);
        assertEquals(first.values(), witness.ends(reply(ping)).get(1).body().values(), "measured once");
    }

    @Test
    void unsignedCommandIsRefused() {
        refused("unsigned", command());
    }

    @Test
    void keyThatNobodyNamedIsRefused() {
        refused("unknown-key", signed(HIS_OWN, command(), Instant.now()));
    }

    @Test
    void keyThatSaysItIsAnotherIsRefused() {
        Message ping = command();
        ProtectedHeader his = header(HIS_OWN, ping, Instant.now(), LIFE);
        ProtectedHeader hers = new ProtectedHeader(OPERATOR.kid(), his.topic(), his.iat(), his.command());
        String jws = HIS_OWN.sign(his, ping.payload());
        String pretended = Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(("{\"alg\":\"EdDSA\",\"b64\":false,\"crit\":[\"b64\"],"
                                        + new String(
                                                        io.gatehouse.protocol.Json.write(hers.write()),
                                                        StandardCharsets.UTF_8)
                                                .substring(1))
                                .getBytes(StandardCharsets.UTF_8))
                + jws.substring(jws.indexOf('.'));
        refused("bad-signature", ping.with(Jws.PROPERTY, pretended));
    }

    @Test
    void retiredKeyIsRefused() {
        refused("retired-key", signed(RETIRED, command(), Instant.now()));
    }

    @Test
    void keyForSomethingElseIsRefused() {
        refused("wrong-role", signed(LICENSOR, command(), Instant.now()));
    }

    @Test
    void keyForElsewhereIsRefused() {
        refused("out-of-scope", signed(FARAWAY, command(), Instant.now()));
    }

    @Test
    void commandForAnotherDeviceIsRefusedHere() {
        Message ping = signed(OPERATOR, command("dwr/311-a1/another/cmd/ping"), Instant.now());
        refused("wrong-topic", moved(ping, PING.toString()));
    }

    @Test
    void commandForEverybodyIsNotAnotherCommand() {
        Message ping = signed(OPERATOR, command("dwr/cmd/ping"), Instant.now());
        refused("wrong-topic", moved(ping, DEVICE + "/cmd/reboot"));
    }

    @Test
    void changedArgumentsAreRefused() {
        Message ping = signed(OPERATOR, command(), Instant.now());
        Message changed = Message.json(ping.topic(), "{\"host\":\"10.0.0.1\"}".getBytes(StandardCharsets.UTF_8))
                .answeredAt(reply(ping), ping.correlation().orElseThrow())
                .with(ping.properties());
        refused("bad-signature", changed);
    }

    @Test
    void anotherIdentityIsRefused() {
        Message ping = signed(OPERATOR, command(), Instant.now());
        refused("wrong-identity", ping.answeredAt(reply(ping), "another".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void answerGoesNowhereElse() {
        Message ping = signed(OPERATOR, command(), Instant.now());
        refused(
                "wrong-reply",
                ping.answeredAt("reply/enemy-" + made++, ping.correlation().orElseThrow()));
    }

    @Test
    void expiredCommandIsRefused() {
        refused("expired", signed(OPERATOR, command(), Instant.now().minus(LIFE).minusSeconds(1)));
    }

    @Test
    void commandFromTheFutureIsRefused() {
        refused("not-yet", signed(OPERATOR, command(), Instant.now().plus(Duration.ofHours(1))));
    }

    @Test
    void commandThatIsGoodForTooLongIsRefused() {
        Message ping = command();
        ProtectedHeader header = header(OPERATOR, ping, Instant.now(), LIFE);
        ProtectedHeader longer = new ProtectedHeader(
                header.kid(),
                header.topic(),
                header.iat(),
                header.command()
                        .map(of -> new ProtectedHeader.OfCommand(
                                of.exp().plus(Duration.ofDays(2)), of.jti(), of.reply())));
        refused("too-long", ping.with(Jws.PROPERTY, OPERATOR.sign(longer, ping.payload())));
    }

    @Test
    void weakerAlgorithmsAreRefused() {
        for (String alg : List.of("none", "HS256", "ES256")) {
            Message ping = command();
            String header = "{\"alg\":\"" + alg + "\",\"b64\":false,\"crit\":[\"b64\"],\"kid\":\"" + OPERATOR.kid()
                    + "\",\"topic\":\"" + ping.topic() + "\",\"iat\":1}";
            refused("malformed", ping.with(Jws.PROPERTY, base64(header) + ".." + "A".repeat(86)));
        }
    }

    @Test
    void twoSignaturesAreRefused() {
        Message ping = signed(OPERATOR, command(), Instant.now());
        refused(
                "malformed",
                ping.with(Jws.PROPERTY, ping.properties().first(Jws.PROPERTY).orElseThrow()));
    }

    // --- desired

    @Test
    void wishIsNotChangedMovedOrTakenBackInTime() {
        Topic.Desired topic = configuration("replayed");
        Instant signed = Instant.now().minusSeconds(30);
        Message first = wish(OPERATOR, topic, "{\"spec\":{\"a\":1}}", signed);
        Message second = wish(OPERATOR, topic, "{\"spec\":{\"a\":2}}", signed.plusSeconds(10));
        enemy.publish(first);
        inForce(first);
        enemy.publish(second);
        inForce(second);
        told("replayed", first);
        told("ambiguous", wish(OPERATOR, topic, "{\"spec\":{\"a\":3}}", signed.plusSeconds(10)));
        told("wrong-topic", moved(second, configuration("elsewhere").toString()));
        told(
                "bad-signature",
                Message.json(topic.toString(), bytes("{\"removed\":true}"))
                        .with(wish(OPERATOR, topic, "{\"spec\":{\"a\":4}}", Instant.now())
                                .properties()));
        enemy.publish(Message.json(topic.toString(), new byte[0]).retained());
        inForce(second);
    }

    @Test
    void whatWasTakenAwayDoesNotComeBack() {
        Topic.Desired topic = configuration("removed");
        Instant signed = Instant.now().minusSeconds(30);
        Message first = wish(OPERATOR, topic, "{\"spec\":{\"a\":1}}", signed);
        enemy.publish(first);
        inForce(first);
        enemy.publish(wish(OPERATOR, topic, "{\"removed\":true}", signed.plusSeconds(1)));
        witness.await(
                "the removal",
                message -> message.topic().equals(DEVICE + "/reported/configuration")
                        && !message.body().object("desired").has(topic.toString()));
        told("replayed", first);
    }

    @Test
    void wishesNeedAKeyForThemToo() {
        told("unsigned", Message.json(configuration("unsigned").toString(), bytes("{\"spec\":{}}")));
        told("unknown-key", wish(HIS_OWN, configuration("unknown"), "{\"spec\":{}}", Instant.now()));
        told("out-of-scope", wish(FARAWAY, configuration("faraway"), "{\"spec\":{}}", Instant.now()));
        told(
                "wrong-role",
                wish(
                        OPERATOR,
                        new Topic.Desired(DEVICE, "firmware", Optional.empty()),
                        "{\"spec\":{}}",
                        Instant.now()));
        told(
                "not-yet",
                wish(
                        OPERATOR,
                        configuration("early"),
                        "{\"spec\":{}}",
                        Instant.now().plus(Duration.ofHours(1))));
        Topic.Desired topic = configuration("command");
        ProtectedHeader header = header(OPERATOR, command(), Instant.now(), LIFE);
        ProtectedHeader ofCommand = new ProtectedHeader(header.kid(), topic.toString(), header.iat(), header.command());
        byte[] payload = bytes("{\"spec\":{}}");
        told(
                "malformed",
                Message.json(topic.toString(), payload).with(Jws.PROPERTY, OPERATOR.sign(ofCommand, payload)));
    }

    // --- trust

    @Test
    void trustIsChangedByItsRootAloneAndOnlyForwards() {
        Instant now = Instant.now();
        told("wrong-role", trust(document(8), now, OPERATOR));
        told("unknown-key", trust(document(8), now, HIS_OWN));
        told("rolled-back", trust(document(6), now, ROOT));
        TrustDocument his = new TrustDocument(
                9, List.of(key(ROOT, false, "dwr", Role.ROOT), key(HIS_OWN, false, "dwr", Role.ROOT)), List.of());
        told("unconfirmed-root", trust(his, now.plusSeconds(1), ROOT));
        byte[] removed = Envelope.REMOVED.write();
        Topic.Desired topic = new Topic.Desired("dwr", "trust", Optional.empty());
        told(
                "bad-trust",
                Message.json(topic.toString(), removed)
                        .with(Jws.PROPERTY, ROOT.sign(ProtectedHeader.desired(ROOT.kid(), topic, now), removed)));
        Message ping = signed(OPERATOR, command(), Instant.now());
        enemy.publish(ping);
        assertInstanceOf(Outcome.Done.class, end(ping), "the operator is trusted still");
    }

    // --- what he makes, and what comes of it

    private static Message command() {
        return command(PING.toString());
    }

    private static Message command(String topic) {
        String id = "made-" + made++;
        return Message.json(topic, bytes("{}")).answeredAt("reply/" + id, bytes(id));
    }

    private static Message signed(SigningKey key, Message message, Instant at) {
        return message.with(Jws.PROPERTY, key.sign(header(key, message, at, LIFE), message.payload()));
    }

    private static ProtectedHeader header(SigningKey key, Message message, Instant at, Duration life) {
        return ProtectedHeader.command(
                key.kid(),
                (Topic.Command) Topic.parse(message.topic()).orElseThrow(),
                at,
                life,
                message.correlation().orElseThrow(),
                message.responseTopic());
    }

    private static Topic.Desired configuration(String pid) {
        return new Topic.Desired(DEVICE, "configuration", Optional.of("io.gatehouse.test." + pid));
    }

    private static Message wish(SigningKey key, Topic.Desired topic, String payload, Instant at) {
        String jws = key.sign(ProtectedHeader.desired(key.kid(), topic, at), bytes(payload));
        return Message.json(topic.toString(), bytes(payload)).retained().with(Jws.PROPERTY, jws);
    }

    private static Message trust(TrustDocument document, Instant at, SigningKey key) {
        Topic.Desired topic = new Topic.Desired("dwr", "trust", Optional.empty());
        byte[] payload = new Envelope(Optional.of(document.write()), Rollout.ALL).write();
        return wish(key, topic, new String(payload, StandardCharsets.UTF_8), at);
    }

    private static TrustDocument document(long version) {
        return new TrustDocument(
                version,
                List.of(
                        key(ROOT, false, "dwr", Role.ROOT),
                        key(OPERATOR, false, "dwr", Role.OPERATOR, Role.VOUCH),
                        key(FARAWAY, false, "dwr/411", Role.OPERATOR),
                        new TrustedKey(
                                LICENSOR.jwk(),
                                Set.of(Role.LICENSE),
                                List.of(new Scope("dwr")),
                                false,
                                Optional.of(new Licensor("acme", List.of("*")))),
                        key(RETIRED, true, "dwr", Role.OPERATOR)),
                List.of());
    }

    private static TrustedKey key(SigningKey key, boolean retired, String scope, Role... roles) {
        return new TrustedKey(key.jwk(), Set.of(roles), List.of(new Scope(scope)), retired);
    }

    private static Message moved(Message message, String topic) {
        return new Message(
                topic,
                message.payload(),
                message.contentType(),
                message.retain(),
                message.exchange(),
                message.expiry(),
                message.properties());
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String reply(Message command) {
        return command.responseTopic().orElseThrow();
    }

    private static Outcome end(Message command) {
        Operator.Heard end = witness.await(
                "an end at " + reply(command), message -> message.topic().equals(reply(command)));
        return ((Reply.End) Reply.read(end.payload())).outcome();
    }

    private static void refused(String type, Message command) {
        enemy.publish(command);
        Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, end(command));
        assertEquals(type, refused.problem().type(), () -> refused.problem().detail());
    }

    private static boolean isSecurityEvent(Operator.Heard message) {
        return message.topic().equals(DEVICE + "/event/security");
    }

    /** The fleet is told, and nothing comes of it. */
    private static void told(String type, Message wish) {
        int mark = witness.mark();
        enemy.publish(wish);
        String sha256 = Sha256.of(wish.payload()).hex();
        Members event = witness.await(
                        "the event " + type + " for " + wish.topic(),
                        mark,
                        message -> isSecurityEvent(message)
                                && message.body().optionalString("topic").equals(Optional.of(wish.topic()))
                                && message.body().optionalString("sha256").equals(Optional.of(sha256)))
                .body();
        assertEquals(type, event.string("type"), () -> event.string("detail"));
        List<Operator.Heard> reports = witness.since(
                mark,
                message -> message.topic().startsWith(DEVICE + "/reported/")
                        && message.body()
                                .optionalObject("desired")
                                .flatMap(desired -> desired.optionalString(wish.topic()))
                                .equals(Optional.of(sha256)));
        assertEquals(List.of(), reports, "nothing comes of it");
    }

    private static void inForce(Message wish) {
        String sha256 = Sha256.of(wish.payload()).hex();
        witness.await(
                "a report of " + wish.topic(),
                message -> message.topic().equals(DEVICE + "/reported/configuration")
                        && message.body().string("state").equals("applied")
                        && message.body()
                                .object("desired")
                                .optionalString(wish.topic())
                                .equals(Optional.of(sha256)));
    }
}

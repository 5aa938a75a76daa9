package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.ProtectedHeader;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.SigningKey;
import io.gatehouse.protocol.trust.TrustDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
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
                broker.uri(), DEVICE, folder.resolve("state"), "-D", "gatehouse.root=" + Keyring.ROOT.kid());
        enemy.publish(Keyring.trust(Keyring.document(7), Instant.now().minusSeconds(60), Keyring.ROOT));
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
        Message ping = signed(Keyring.OPERATOR, command(), Instant.now());
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
        refused("unknown-key", signed(Keyring.HIS_OWN, command(), Instant.now()));
    }

    @Test
    void keyThatSaysItIsAnotherIsRefused() {
        Message ping = command();
        ProtectedHeader his = header(Keyring.HIS_OWN, ping, Instant.now(), LIFE);
        ProtectedHeader hers = new ProtectedHeader(Keyring.OPERATOR.kid(), his.topic(), his.iat(), his.command());
        String jws = Keyring.HIS_OWN.sign(his, ping.payload());
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
        refused("retired-key", signed(Keyring.RETIRED, command(), Instant.now()));
    }

    @Test
    void keyForSomethingElseIsRefused() {
        refused("wrong-role", signed(Keyring.LICENSOR, command(), Instant.now()));
    }

    @Test
    void keyForElsewhereIsRefused() {
        refused("out-of-scope", signed(Keyring.FARAWAY, command(), Instant.now()));
    }

    @Test
    void commandForAnotherDeviceIsRefusedHere() {
        Message ping = signed(Keyring.OPERATOR, command("dwr/311-a1/another/cmd/ping"), Instant.now());
        refused("wrong-topic", Enemy.moved(ping, PING.toString()));
    }

    @Test
    void commandForEverybodyIsNotAnotherCommand() {
        Message ping = signed(Keyring.OPERATOR, command("dwr/cmd/ping"), Instant.now());
        refused("wrong-topic", Enemy.moved(ping, DEVICE + "/cmd/reboot"));
    }

    @Test
    void changedArgumentsAreRefused() {
        Message ping = signed(Keyring.OPERATOR, command(), Instant.now());
        Message changed = Message.json(ping.topic(), "{\"host\":\"10.0.0.1\"}".getBytes(StandardCharsets.UTF_8))
                .answeredAt(reply(ping), ping.correlation().orElseThrow())
                .with(ping.properties());
        refused("bad-signature", changed);
    }

    @Test
    void anotherIdentityIsRefused() {
        Message ping = signed(Keyring.OPERATOR, command(), Instant.now());
        refused("wrong-identity", ping.answeredAt(reply(ping), "another".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void answerGoesNowhereElse() {
        Message ping = signed(Keyring.OPERATOR, command(), Instant.now());
        refused(
                "wrong-reply",
                ping.answeredAt("reply/enemy-" + made++, ping.correlation().orElseThrow()));
    }

    @Test
    void expiredCommandIsRefused() {
        refused(
                "expired",
                signed(Keyring.OPERATOR, command(), Instant.now().minus(LIFE).minusSeconds(1)));
    }

    @Test
    void commandFromTheFutureIsRefused() {
        refused("not-yet", signed(Keyring.OPERATOR, command(), Instant.now().plus(Duration.ofHours(1))));
    }

    @Test
    void commandThatIsGoodForTooLongIsRefused() {
        Message ping = command();
        ProtectedHeader header = header(Keyring.OPERATOR, ping, Instant.now(), LIFE);
        ProtectedHeader longer = new ProtectedHeader(
                header.kid(),
                header.topic(),
                header.iat(),
                header.command()
                        .map(of -> new ProtectedHeader.OfCommand(
                                of.exp().plus(Duration.ofDays(2)), of.jti(), of.reply())));
        refused("too-long", ping.with(Jws.PROPERTY, Keyring.OPERATOR.sign(longer, ping.payload())));
    }

    @Test
    void weakerAlgorithmsAreRefused() {
        for (String alg : List.of("none", "HS256", "ES256")) {
            Message ping = command();
            String header = "{\"alg\":\"" + alg + "\",\"b64\":false,\"crit\":[\"b64\"],\"kid\":\""
                    + Keyring.OPERATOR.kid() + "\",\"topic\":\"" + ping.topic() + "\",\"iat\":1}";
            refused("malformed", ping.with(Jws.PROPERTY, base64(header) + ".." + "A".repeat(86)));
        }
    }

    @Test
    void twoSignaturesAreRefused() {
        Message ping = signed(Keyring.OPERATOR, command(), Instant.now());
        refused(
                "malformed",
                ping.with(Jws.PROPERTY, ping.properties().first(Jws.PROPERTY).orElseThrow()));
    }

    // --- desired

    @Test
    void wishIsNotChangedMovedOrTakenBackInTime() {
        Topic.Desired topic = configuration("replayed");
        Instant signed = Instant.now().minusSeconds(30);
        Message first = Keyring.wish(Keyring.OPERATOR, topic, "{\"spec\":{\"a\":1}}", signed);
        Message second = Keyring.wish(Keyring.OPERATOR, topic, "{\"spec\":{\"a\":2}}", signed.plusSeconds(10));
        enemy.publish(first);
        inForce(first);
        enemy.publish(second);
        inForce(second);
        told("replayed", first);
        told("ambiguous", Keyring.wish(Keyring.OPERATOR, topic, "{\"spec\":{\"a\":3}}", signed.plusSeconds(10)));
        told("wrong-topic", Enemy.moved(second, configuration("elsewhere").toString()));
        told(
                "bad-signature",
                Message.json(topic.toString(), bytes("{\"removed\":true}"))
                        .with(Keyring.wish(Keyring.OPERATOR, topic, "{\"spec\":{\"a\":4}}", Instant.now())
                                .properties()));
        enemy.publish(Message.json(topic.toString(), new byte[0]).retained());
        inForce(second);
    }

    @Test
    void whatWasTakenAwayDoesNotComeBack() {
        Topic.Desired topic = configuration("removed");
        Instant signed = Instant.now().minusSeconds(30);
        Message first = Keyring.wish(Keyring.OPERATOR, topic, "{\"spec\":{\"a\":1}}", signed);
        enemy.publish(first);
        inForce(first);
        enemy.publish(Keyring.wish(Keyring.OPERATOR, topic, "{\"removed\":true}", signed.plusSeconds(1)));
        witness.await(
                "the removal",
                message -> message.topic().equals(DEVICE + "/reported/configuration")
                        && !message.body().object("desired").has(topic.toString()));
        told("replayed", first);
    }

    @Test
    void wishesNeedAKeyForThemToo() {
        told("unsigned", Message.json(configuration("unsigned").toString(), bytes("{\"spec\":{}}")));
        told("unknown-key", Keyring.wish(Keyring.HIS_OWN, configuration("unknown"), "{\"spec\":{}}", Instant.now()));
        told("out-of-scope", Keyring.wish(Keyring.FARAWAY, configuration("faraway"), "{\"spec\":{}}", Instant.now()));
        told(
                "wrong-role",
                Keyring.wish(
                        Keyring.OPERATOR,
                        new Topic.Desired(DEVICE, "firmware", Optional.empty()),
                        "{\"spec\":{}}",
                        Instant.now()));
        told(
                "not-yet",
                Keyring.wish(
                        Keyring.OPERATOR,
                        configuration("early"),
                        "{\"spec\":{}}",
                        Instant.now().plus(Duration.ofHours(1))));
        Topic.Desired topic = configuration("command");
        ProtectedHeader header = header(Keyring.OPERATOR, command(), Instant.now(), LIFE);
        ProtectedHeader ofCommand = new ProtectedHeader(header.kid(), topic.toString(), header.iat(), header.command());
        byte[] payload = bytes("{\"spec\":{}}");
        told(
                "malformed",
                Message.json(topic.toString(), payload).with(Jws.PROPERTY, Keyring.OPERATOR.sign(ofCommand, payload)));
    }

    // --- trust

    @Test
    void trustIsChangedByItsRootAloneAndOnlyForwards() {
        Instant now = Instant.now();
        told("wrong-role", Keyring.trust(Keyring.document(8), now, Keyring.OPERATOR));
        told("unknown-key", Keyring.trust(Keyring.document(8), now, Keyring.HIS_OWN));
        told("rolled-back", Keyring.trust(Keyring.document(6), now, Keyring.ROOT));
        TrustDocument his = new TrustDocument(
                9,
                List.of(
                        Keyring.key(Keyring.ROOT, false, "dwr", Role.ROOT),
                        Keyring.key(Keyring.HIS_OWN, false, "dwr", Role.ROOT)),
                List.of());
        told("unconfirmed-root", Keyring.trust(his, now.plusSeconds(1), Keyring.ROOT));
        byte[] removed = Envelope.REMOVED.write();
        Topic.Desired topic = new Topic.Desired("dwr", "trust", Optional.empty());
        told(
                "bad-trust",
                Message.json(topic.toString(), removed)
                        .with(
                                Jws.PROPERTY,
                                Keyring.ROOT.sign(ProtectedHeader.desired(Keyring.ROOT.kid(), topic, now), removed)));
        Message ping = signed(Keyring.OPERATOR, command(), Instant.now());
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

package io.gatehouse.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.enrollment.ClaimAnswer;
import io.gatehouse.protocol.enrollment.ClaimRequest;
import io.gatehouse.protocol.enrollment.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/enrollment.md} shows, typed line by line; acceptance tests run its brokers. */
final class EnrollmentWalkthroughTest {
    private static final Path TEXT = Path.of("../../docs/enrollment.md");

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);
    private final Console authority = new Console(broker);

    @TempDir
    private Path folder;

    @Test
    void everyCommandDoesWhatTheTextSays() throws Exception {
        List<String> lines = Files.readAllLines(TEXT).stream()
                .filter(line -> line.startsWith("gatehouse "))
                .toList();
        for (String line : lines) {
            if (line.startsWith("gatehouse ca serve")) {
                serve(line);
            } else if (!line.equals("gatehouse devices")) { // it would wait for devices
                type(line);
            }
        }
        assertTrue(lines.size() >= 13, "read from the text: " + lines);
        Token token = Token.read(Files.readString(folder.resolve("token")).strip());
        assertEquals(Optional.of("world/asia/japan"), token.place());
        assertEquals(KeyFile.read(folder.resolve("root.key")).kid(), token.root());
    }

    /** Runs the authority, with the one broker of this test, until a device has its certificate. */
    private void serve(String line) throws Exception {
        String[] words = words(line.replaceAll("ssl://[^ ]+", MemoryBroker.ADDRESS.toString()) + " -n 1");
        Thread serving = new Thread(() -> authority.run(words));
        serving.start();
        await().until(() -> authority.err().split("answering at").length == 3);
        Token token = Token.read(Files.readString(folder.resolve("token")).strip());
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=" + token.device()), pair.getPublic())
                .build(new JcaContentSignerBuilder("Ed25519").build(pair.getPrivate()))
                .getEncoded();
        broker.publish(Message.json(token.topic(), new ClaimRequest(der, Optional.of(token.mac(der))).write()));
        serving.join();
        Message answer = broker.published().get(broker.published().size() - 1);
        assertTrue(ClaimAnswer.read(answer.payload()) instanceof ClaimAnswer.Issued, authority.out());
    }

    private void type(String line) throws IOException, Trouble {
        String[] parts = line.split(" >", 2);
        assertEquals(0, console.run(words(parts[0])), () -> line + ": " + console.err() + console.out());
        if (parts.length == 2) {
            Files.writeString(folder.resolve(parts[1]), console.out());
        }
    }

    private String[] words(String line) {
        List<String> words = new ArrayList<>();
        for (String word : line.substring("gatehouse ".length()).split(" (?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")) {
            String bare = word.replace("\"", "");
            boolean isFile = bare.matches("fleet|operators|((fleet|operators)/)?[a-z]+\\.(key|pem|crl)");
            words.add(isFile ? folder.resolve(bare).toString() : bare);
        }
        return words.toArray(String[]::new);
    }
}

package io.gatehouse.terminal;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.PtyChannelConfiguration;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;

/** Who looks at a terminal of a size that changes, or looks away. */
final class Operator implements AutoCloseable {
    private final SshClient client = SshClient.setUpDefaultClient();
    private final ClientSession session;
    private final ChannelShell shell;
    private final OutputStream keys;
    private final Seen seen = new Seen();

    Operator(Map<String, ?> opened, Path key, String term, Size size) throws IOException, GeneralSecurityException {
        client.setServerKeyVerifier((with, address, shown) -> true);
        client.start();
        session = client.connect("operator", "127.0.0.1", (int) opened.get("port"))
                .verify(Duration.ofSeconds(20))
                .getSession();
        KeyPair pair = new FileKeyPairProvider(key).loadKeys(null).iterator().next();
        session.addPublicKeyIdentity(pair);
        session.auth().verify(Duration.ofSeconds(20));
        PtyChannelConfiguration pty = new PtyChannelConfiguration();
        pty.setPtyType(term);
        pty.setPtyColumns(size.columns());
        pty.setPtyLines(size.rows());
        shell = session.createShellChannel(pty, Map.of());
        PipedInputStream in = new PipedInputStream(1 << 16);
        keys = new PipedOutputStream(in);
        shell.setIn(in);
        shell.setOut(seen);
        shell.setErr(seen);
        shell.open().verify(Duration.ofSeconds(20));
    }

    /** At a new terminal, with a new key. */
    static Operator at(Place place, String term, Size size)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path key = place.key("operator");
        return new Operator(place.opened(key, Map.of()), key, term, size);
    }

    void type(String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    void resize(int columns, int rows) throws IOException {
        shell.sendWindowChange(columns, rows);
    }

    /** Takes no more of what is shown, until {@link #lookAgain}. */
    void lookAway() {
        seen.hold(true);
    }

    void lookAgain() {
        seen.hold(false);
    }

    void sees(String text) {
        await().atMost(30, TimeUnit.SECONDS).until(() -> seen.text().contains(text));
    }

    String seen() {
        return seen.text();
    }

    int exitCode() {
        shell.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), Duration.ofSeconds(30));
        return shell.getExitStatus() == null ? -1 : shell.getExitStatus();
    }

    @Override
    public void close() throws IOException {
        seen.hold(false);
        session.close(true);
        client.stop();
    }

    /** What was shown, the last of it. */
    private static final class Seen extends OutputStream {
        private static final int MOST = 1 << 20;

        private final StringBuilder text = new StringBuilder();
        private final Text decoder = new Text();
        private boolean isHeld;

        synchronized void hold(boolean is) {
            isHeld = is;
            notifyAll();
        }

        synchronized String text() {
            return text.toString();
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                while (isHeld) {
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            text.append(decoder.next(java.util.Arrays.copyOfRange(bytes, offset, offset + length)));
            if (text.length() > MOST) {
                text.delete(0, text.length() - MOST / 2);
            }
        }
    }
}

package io.gatehouse.cli.reach;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** A session at a device's terminal, by SSH. */
public final class RemoteShell {
    private static final Duration OPENS_WITHIN = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int SIGNAL = 128;
    private static final byte END_OF_INPUT = 4; // Ctrl-D
    private static final int PIECE = 8 * 1024;

    private final InputStream in;
    private final OutputStream out;
    private final String type;

    /**
     * One between these streams.
     *
     * @param type of the terminal, as in {@code TERM}
     */
    public RemoteShell(InputStream in, OutputStream out, String type) {
        this.in = in;
        this.out = out;
        this.type = type;
    }

    /**
     * The terminal to come to.
     *
     * @param at where it is reached
     * @param hostKey the fingerprint of its key
     * @param key the one that it lets in
     */
    public record Door(InetSocketAddress at, String user, String hostKey, SshKeyPair key) {}

    /**
     * Holds a session until its end.
     *
     * @return the remote exit status; 128 where a signal ended it
     * @throws Trouble if there is no session, or the connection was lost
     */
    public int run(Door door) throws Trouble, InterruptedException {
        SshClients.Server server = new SshClients.Server(
                door.at().getAddress().getHostAddress(), door.at().getPort(), door.user(), door.hostKey());
        SshClient client = SshClients.to(server);
        try {
            return run(SshClients.connect(client, server, door.key()));
        } finally {
            client.stop();
        }
    }

    private int run(ClientSession session) throws Trouble, InterruptedException {
        Optional<OperatorTerminal> terminal = OperatorTerminal.raw();
        try (ChannelShell channel = session.createShellChannel()) {
            OperatorTerminal.Size size = terminal.map(OperatorTerminal::size).orElse(OperatorTerminal.Size.USUAL);
            channel.setUsePty(true);
            channel.setPtyType(type);
            channel.setPtyColumns(size.columns());
            channel.setPtyLines(size.rows());
            channel.setRedirectErrorStream(true);
            channel.setOut(out);
            CountDownLatch closed = new CountDownLatch(1);
            channel.addCloseFutureListener(future -> closed.countDown());
            channel.open().verify(OPENS_WITHIN);
            terminal.ifPresent(shown -> shown.onResize(() -> resize(channel, shown)));
            Thread typed = new Thread(() -> pass(channel, terminal.isPresent()), "keys");
            typed.setDaemon(true);
            typed.start();
            closed.await();
            return status(channel.getExitStatus(), channel.getExitSignal());
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.NO_ANSWER, "the session ended: " + e.getMessage(), e);
        } finally {
            terminal.ifPresent(OperatorTerminal::close);
        }
    }

    private static int status(@Nullable Integer status, @Nullable String signal) throws Trouble {
        if (status != null) {
            return status;
        }
        if (signal != null) {
            return SIGNAL;
        }
        throw new Trouble(Trouble.Kind.NO_ANSWER, "the connection to the device was lost");
    }

    private static void resize(ChannelShell channel, OperatorTerminal terminal) {
        OperatorTerminal.Size size = terminal.size();
        try {
            channel.sendWindowChange(size.columns(), size.rows());
        } catch (IOException ignored) {
            // the session ends, and says so
        }
    }

    /** What is typed goes on; where it came from a file, its end is typed as well. */
    private void pass(ChannelShell channel, boolean isTerminal) {
        byte[] piece = new byte[PIECE];
        try {
            OutputStream to = channel.getInvertedIn();
            byte last = '\n';
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                to.write(piece, 0, read);
                to.flush();
                last = read > 0 ? piece[read - 1] : last;
            }
            if (!isTerminal) {
                end(to, last == '\n');
            }
        } catch (IOException ignored) {
            // the session ends, and says so
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Again and again until the session ends: a terminal that changes its mode just then loses what was typed ahead. */
    private static void end(OutputStream to, boolean lineIsEnded) throws IOException, InterruptedException {
        if (!lineIsEnded) {
            to.write('\n');
        }
        while (true) {
            to.write(END_OF_INPUT);
            to.flush();
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
    }
}

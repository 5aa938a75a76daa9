package io.gatehouse.cli.reach;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Screen;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelShell;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** A session at a device's terminal, by SSH. */
public final class RemoteShell {
    private static final Duration OPENS_WITHIN = Duration.ofSeconds(60);
    private static final int SIGNAL = 128;

    /** As of {@code ssh}, where the session was left. */
    private static final int LEFT = 255;

    private final InputStream in;
    private final OutputStream out;
    private final String type;
    private final Screen screen;

    /**
     * One between these streams.
     *
     * @param type of the terminal, as in {@code TERM}
     * @param screen whatever is noted to meanwhile
     */
    public RemoteShell(InputStream in, OutputStream out, String type, Screen screen) {
        this.in = in;
        this.out = out;
        this.type = type;
        this.screen = screen;
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
     * @return the remote exit status; 128 where a signal ended it, 255 where it was left by its {@link Escape}
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
        Optional<OperatorTerminal> terminal = OperatorTerminal.raw(screen);
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
            AtomicBoolean left = new AtomicBoolean();
            new Keyboard(in, terminal.isPresent()).type(channel.getInvertedIn(), () -> {
                left.set(true);
                closed.countDown();
            });
            closed.await();
            if (left.get()) {
                channel.close(true); // that it is not waited for
                screen.note("left");
                return LEFT;
            }
            return status(channel.getExitStatus(), channel.getExitSignal());
        } catch (IOException e) {
            throw Lost.because(String.valueOf(e.getMessage()), e);
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
        throw Lost.because("it ended before the session did", null);
    }

    private static void resize(ChannelShell channel, OperatorTerminal terminal) {
        OperatorTerminal.Size size = terminal.size();
        try {
            channel.sendWindowChange(size.columns(), size.rows());
        } catch (IOException ignored) {
            // the session ends, and says so
        }
    }
}

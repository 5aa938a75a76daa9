package io.gatehouse.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.sshd.common.io.IoInputStream;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.Signal;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.PipeDataReceiver;
import org.apache.sshd.server.command.AsyncCommandStreamsAware;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/**
 * Who sits at a terminal by SSH. What is shown waits until the socket took it, and what is typed for the program, so that neither heaps
 * up: typing by the channel's own window.
 */
final class SshSession implements Command, AsyncCommandStreamsAware, Screen {
    private static final Logger LOG = System.getLogger(SshSession.class.getName());
    private static final int PIECE = 4096;
    private static final int UNKNOWN = 255;

    private final Terminal terminal;
    private final InputStream typed;
    private @Nullable IoOutputStream out;
    private @Nullable IoOutputStream err;
    private @Nullable ExitCallback exit;

    /**
     * A session at this terminal, as far as there may be one.
     *
     * @throws IOException where no PTY was asked for, or the terminal had its session
     */
    SshSession(Terminal terminal, ChannelSession channel) throws IOException {
        if (!terminal.isWaiting()) {
            throw new IOException("terminal " + terminal.id() + " is good for one session, and had it");
        }
        if (!channel.getEnvironment().getEnv().containsKey(Environment.ENV_COLUMNS)) {
            throw new IOException(
                    "terminal " + terminal.id() + " is good for a session with a PTY, and none was asked for");
        }
        this.terminal = terminal;
        PipeDataReceiver pipe = new PipeDataReceiver(channel, channel.getLocalWindow());
        channel.setDataReceiver(pipe);
        this.typed = pipe.getIn();
    }

    @Override
    public void setIoOutputStream(IoOutputStream stream) {
        out = stream;
    }

    @Override
    public void setIoErrorStream(IoOutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    /** Its first thread is MINA's, which has others to serve. */
    @Override
    public void start(ChannelSession channel, Environment environment) {
        Thread thread = new Thread(() -> run(channel, environment), "terminal-ssh-" + terminal.id());
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void destroy(ChannelSession channel) {
        terminal.end("link");
    }

    @Override
    public void show(byte[] bytes) throws IOException, InterruptedException {
        if (out == null) {
            throw new IOException("the channel of terminal " + terminal.id() + " has no output");
        }
        try {
            IoWriteFuture written = out.writeBuffer(new ByteArrayBuffer(bytes));
            written.await();
            if (!written.isWritten()) {
                throw new IOException("nobody is at terminal " + terminal.id() + " any more", written.getException());
            }
        } catch (InterruptedIOException e) {
            throw (InterruptedException) new InterruptedException("while it was shown").initCause(e);
        }
    }

    @Override
    public void ended(OptionalInt exitCode, String reason) {
        boolean hasExited = reason.equals("exit");
        if (!hasExited) {
            say("the terminal was closed: " + reason);
        }
        if (exit != null) {
            exit.onExit(exitCode.orElse(hasExited ? 0 : UNKNOWN), reason);
        }
    }

    private void run(ChannelSession channel, Environment environment) {
        boolean isStarted = false;
        try {
            environment.addSignalListener((at, signal) -> terminal.resize(size(environment)), Signal.WINCH);
            String term = environment.getEnv().getOrDefault(Environment.ENV_TERM, "dumb");
            terminal.start(term, size(environment), this);
            isStarted = true;
            type();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "terminal " + terminal.id() + " takes no more input", e);
            if (!isStarted && exit != null) {
                exit.onExit(UNKNOWN, String.valueOf(e.getMessage()));
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "interrupted by nobody of this bundle", e);
        } finally {
            if (channel.isClosing()) {
                terminal.end("link");
            }
        }
    }

    /** To the end of what is typed, which is not the end of the session: what runs may go on to show something. */
    private void type() throws IOException {
        byte[] piece = new byte[PIECE];
        for (int read = typed.read(piece); read >= 0; read = typed.read(piece)) {
            terminal.input(piece, 0, read);
        }
    }

    /** A line beside what the program shows, as far as it can be told. */
    private void say(String text) {
        if (err != null) {
            try {
                err.writeBuffer(new ByteArrayBuffer(
                                ("\r\ngatehouse: " + text + "\r\n").getBytes(StandardCharsets.UTF_8)))
                        .addListener(told -> LOG.log(Level.DEBUG, "told: {0}", text));
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.DEBUG, "not told, for the channel is closing: " + text, e);
            }
        }
    }

    private static Size size(Environment environment) {
        Map<String, String> variables = environment.getEnv();
        return Size.near(number(variables.get(Environment.ENV_COLUMNS)), number(variables.get(Environment.ENV_LINES)));
    }

    private static int number(@Nullable String text) {
        try {
            return text == null ? 0 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0; // an unsigned number that is none here: as if nothing was said
        }
    }

    @Override
    public void setIoInputStream(IoInputStream stream) {
        // what is typed comes by a receiver of our own
    }

    @Override
    public void setInputStream(InputStream stream) {
        // as above
    }

    @Override
    public void setOutputStream(OutputStream stream) {
        // the other kind of stream is given
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        // the other kind of stream is given
    }
}

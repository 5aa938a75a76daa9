package io.gatehouse.firmware.rauc;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.Error;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MessageFactory;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.messages.constants.Endian;
import org.freedesktop.dbus.spi.message.IMessageReader;
import org.freedesktop.dbus.spi.message.InputStreamMessageReader;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a D-Bus. dbus-java makes and reads its messages; its own connection is not used, since it has threads, keeps interrupts to itself, and
 * needs a module of the JDK to learn its user's number. This one takes the calling thread alone, and an interrupt ends each wait.
 */
final class Bus implements AutoCloseable {
    /** RAUC verifies a whole image before it answers. */
    private static final Duration ANSWER = Duration.ofMinutes(5);

    private static final int LONGEST_LINE = 1024;

    private final SocketChannel channel;
    private final Selector selector;
    private final IMessageReader reader;
    private final MessageFactory messages = new MessageFactory(Endian.LITTLE);
    private final Deque<Message> unread = new ArrayDeque<>();

    private Bus(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
        this.reader = new InputStreamMessageReader(channel);
    }

    /**
     * Connects.
     *
     * @param socket where a bus listens
     */
    static Bus open(Path socket) throws IOException, InterruptedException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        Bus bus;
        try {
            channel.configureBlocking(false);
            bus = new Bus(channel, Selector.open());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        try {
            channel.register(bus.selector, SelectionKey.OP_READ);
            bus.authenticate(answer());
            bus.call(BusName.BUS, "Hello", "");
            return bus;
        } catch (IOException | InterruptedException e) {
            bus.close();
            throw e;
        }
    }

    /**
     * Asks for something and waits for the answer.
     *
     * @param signature of the arguments
     * @return the answer's values: strings, numbers, {@code Variant}s, {@code List}s, {@code Map}s, and {@code Object[]} for structures
     * @throws ErrorReply where an error answers
     */
    Object[] call(BusName to, String method, String signature, Object... arguments)
            throws IOException, InterruptedException {
        long serial = send(to, method, signature, arguments);
        long until = answer();
        while (true) {
            Message message = read(until);
            if (message == null) {
                throw new IOException(
                        to.program() + " did not answer " + method + " within " + ANSWER.toSeconds() + " s");
            }
            if (message.getReplySerial() == serial) {
                return values(message);
            }
            unread.add(message);
        }
    }

    /**
     * Asks for something, and does not wait.
     *
     * @return by which the answer refers to it
     */
    long send(BusName to, String method, String signature, Object... arguments) throws IOException {
        try {
            MethodCall call = messages.createMethodCall(
                    to.program(),
                    to.path(),
                    to.type(),
                    method,
                    (byte) 0,
                    signature.isEmpty() ? null : signature,
                    arguments);
            for (byte[] part : call.getWireData()) {
                if (part == null) {
                    break;
                }
                write(part);
            }
            return call.getSerial();
        } catch (DBusException e) {
            throw new IOException("cannot ask " + to.program() + " for " + method + Arrays.toString(arguments), e);
        }
    }

    /**
     * The next message that came.
     *
     * @param until by {@link System#nanoTime}
     * @return empty where none comes until then
     */
    Optional<Message> next(long until) throws IOException, InterruptedException {
        Message message = unread.poll();
        return Optional.ofNullable(message == null ? read(until) : message);
    }

    /**
     * What a message says.
     *
     * @throws ErrorReply where it says an error
     */
    static Object[] values(Message message) throws IOException {
        try {
            Object[] values = message.getParameters();
            Object[] some = values == null ? new Object[0] : values;
            if (message instanceof Error) {
                throw new ErrorReply(
                        message.getName(),
                        some.length == 0
                                ? message.getName()
                                : String.valueOf(some[0]).strip());
            }
            return some;
        } catch (DBusException e) {
            throw new IOException("cannot read " + message, e);
        }
    }

    @Override
    public void close() {
        try (channel) {
            selector.close();
        } catch (IOException e) {
            // what was asked was answered
        }
    }

    /** As the user of this process, which the bus sees by itself. */
    private void authenticate(long until) throws IOException, InterruptedException {
        write("\0AUTH EXTERNAL\r\nDATA\r\n".getBytes(StandardCharsets.US_ASCII));
        String answer = line(until);
        if (answer.equals("DATA")) {
            answer = line(until);
        }
        if (!answer.startsWith("OK ")) {
            throw new IOException("the bus does not let this user in: " + answer);
        }
        write("BEGIN\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private String line(long until) throws IOException, InterruptedException {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1); // no more: what comes next is for the reader of messages
        while (line.length() < LONGEST_LINE) {
            int read = channel.read(one.clear());
            if (read < 0) {
                throw new EOFException("the bus ended the connection");
            }
            if (read == 0) {
                if (!waitForMore(until)) {
                    throw new IOException("the bus did not answer within " + ANSWER.toSeconds() + " s");
                }
                continue;
            }
            char character = (char) one.get(0);
            if (character == '\n') {
                return line.toString().strip();
            }
            line.append(character);
        }
        throw new IOException("this is no bus: " + line);
    }

    private @Nullable Message read(long until) throws IOException, InterruptedException {
        while (true) {
            Message message;
            try {
                message = reader.readMessage();
            } catch (EOFException e) {
                throw new IOException("the bus ended the connection", e);
            } catch (DBusException e) {
                throw new IOException("cannot read what came over the bus", e);
            }
            // A message that is there in part is none yet, and what more there is of it ends the wait at once.
            if (message != null || !waitForMore(until)) {
                return message;
            }
        }
    }

    /** Whether there is more, or may be; not where it is too late. */
    private boolean waitForMore(long until) throws IOException, InterruptedException {
        long left = until - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        selector.selectedKeys().clear();
        if (Thread.interrupted()) {
            throw new InterruptedException("no longer wanted");
        }
        return true;
    }

    private void write(byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            if (channel.write(rest) == 0) {
                throw new IOException("the bus does not take what it is sent"); // a few hundred bytes at most
            }
        }
    }

    private static long answer() {
        return System.nanoTime() + ANSWER.toNanos();
    }
}

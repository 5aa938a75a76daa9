package com.example.amqp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.EngineFactory;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.engine.sasl.SaslOutcome;
import org.apache.qpid.protonj2.engine.sasl.SaslServerContext;
import org.apache.qpid.protonj2.engine.sasl.SaslServerListener;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.UnsignedLong;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.transport.AMQPHeader;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;

/** What a broker says, as far as a test wants it; by the same engine, so that only what is said is its own. */
final class ScriptedBroker implements AutoCloseable {
    final List<String> received = new CopyOnWriteArrayList<>();
    final List<String> subscribed = new CopyOnWriteArrayList<>();
    final Queue<DeliveryState> answers = new ConcurrentLinkedQueue<>();
    volatile SaslOutcome entry = SaslOutcome.SASL_OK;
    volatile String refused = "";
    volatile long largest;

    /** Of each that came: the mechanism, and whom TLS showed. */
    final List<String> guests = new CopyOnWriteArrayList<>();

    private final boolean tls;
    private final ServerSocket server;
    private volatile Socket socket;

    ScriptedBroker() throws IOException {
        this(false, new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
    }

    /** One that speaks TLS, and wants to know by a certificate who comes. */
    ScriptedBroker(SSLContext context) throws IOException {
        this(true, secured(context));
    }

    private static ServerSocket secured(SSLContext context) throws IOException {
        SSLServerSocket door = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        door.setNeedClientAuth(true);
        return door;
    }

    private ScriptedBroker(boolean tls, ServerSocket server) {
        this.tls = tls;
        this.server = server;
        Thread thread = new Thread(this::serve, "scripted broker");
        thread.setDaemon(true);
        thread.start();
    }

    Broker address() {
        return Broker.at((tls ? "amqps" : "amqp") + "://127.0.0.1:" + server.getLocalPort(), "", "");
    }

    /** Cuts the line. */
    void cut() throws IOException {
        socket.close();
    }

    @Override
    public void close() throws IOException {
        server.close();
        if (socket != null) {
            socket.close();
        }
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket accepted = server.accept()) {
                socket = accepted;
                talk(accepted);
            } catch (IOException | RuntimeException e) {
                System.getLogger("broker").log(System.Logger.Level.DEBUG, "a connection ended", e);
            }
        }
    }

    private void talk(Socket accepted) throws IOException {
        Engine engine = EngineFactory.PROTON.createEngine();
        engine.outputHandler(bytes -> write(accepted, bytes));
        engine.saslDriver().server().setListener(new Doorkeeper(accepted));
        Connection connection = engine.start();
        connection.openHandler(Connection::open);
        connection.closeHandler(Connection::close);
        connection.sessionOpenHandler(session -> session.open());
        connection.receiverOpenHandler(this::attached);
        connection.senderOpenHandler(this::attached);
        byte[] bytes = new byte[4096];
        for (int length = accepted.getInputStream().read(bytes);
                length > 0;
                length = accepted.getInputStream().read(bytes)) {
            engine.accept(ProtonBufferAllocator.defaultAllocator().copy(bytes, 0, length));
        }
    }

    private static void write(Socket accepted, ProtonBuffer bytes) {
        try {
            byte[] all = new byte[bytes.getReadableBytes()];
            bytes.readBytes(all, 0, all.length);
            accepted.getOutputStream().write(all);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void attached(Receiver receiver) {
        receiver.setSource(receiver.getRemoteSource())
                .setTarget(receiver.<Target>getRemoteTarget())
                .setMaxMessageSize(UnsignedLong.valueOf(largest))
                .deliveryReadHandler(this::arrived)
                .open()
                .addCredit(100);
    }

    private void arrived(IncomingDelivery delivery) {
        if (!delivery.isPartial()) {
            received.add(Messages.decode(delivery.readAll()).topic());
            DeliveryState answer = answers.poll();
            delivery.disposition(answer == null ? Accepted.getInstance() : answer, true);
        }
    }

    private void attached(Sender sender) {
        Source source = sender.getRemoteSource();
        sender.setTarget(sender.<Target>getRemoteTarget());
        if (source.getAddress().equals(refused)) {
            sender.setSource(null).open();
            sender.setCondition(new ErrorCondition(Symbol.valueOf("amqp:unauthorized-access"), "not yours"))
                    .close();
        } else {
            subscribed.add(source.getAddress() + " " + source.getDurable());
            sender.setSource(source).open();
        }
    }

    private final class Doorkeeper implements SaslServerListener {
        private final Socket guest;

        Doorkeeper(Socket guest) {
            this.guest = guest;
        }

        @Override
        public void handleSaslHeader(SaslServerContext context, AMQPHeader header) {
            context.sendMechanisms(tls
                    ? new Symbol[] {Symbol.valueOf("ANONYMOUS"), Symbol.valueOf("EXTERNAL")}
                    : new Symbol[] {Symbol.valueOf("ANONYMOUS")});
        }

        @Override
        public void handleSaslInit(SaslServerContext context, Symbol mechanism, ProtonBuffer initialResponse) {
            guests.add(mechanism + shown());
            context.sendOutcome(entry, null);
        }

        private String shown() {
            try {
                return guest instanceof SSLSocket secured
                        ? " " + secured.getSession().getPeerPrincipal()
                        : "";
            } catch (SSLPeerUnverifiedException e) {
                throw new IllegalStateException("it showed no certificate", e);
            }
        }

        @Override
        public void handleSaslResponse(SaslServerContext context, ProtonBuffer response) {
            context.sendOutcome(SaslOutcome.SASL_SYS, null);
        }
    }
}

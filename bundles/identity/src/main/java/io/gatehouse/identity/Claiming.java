package io.gatehouse.identity;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import io.gatehouse.protocol.enrollment.ClaimRequest;
import io.gatehouse.protocol.enrollment.Token;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Both sides of a connection that does nothing but claim: in the token's name and not in the device's, for nobody has shown yet
 * who this device is, nor that this broker may be told what it has to say. The claim goes out with each connection, and again
 * until it is answered with a certificate.
 */
final class Claiming implements Endpoint, Outgoing {
    private static final System.Logger LOG = System.getLogger(Claiming.class.getName());
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final Duration EXPIRY = Duration.ofSeconds(60);

    private final Token token;
    private final Request request;
    private final Consumer<Message> answers;
    private final LongSupplier nanos;

    // guarded by this
    private byte @Nullable [] claim;
    private long due;
    private String lastTrouble = "";

    /** What makes a signing request. */
    @FunctionalInterface
    interface Request {
        /** PKCS#10 in DER. */
        byte[] make() throws IOException;
    }

    /**
     * One that did not claim yet.
     *
     * @param answers takes what comes where the claim is answered
     */
    Claiming(Token token, Request request, Consumer<Message> answers, LongSupplier nanos) {
        this.token = token;
        this.request = request;
        this.answers = answers;
        this.nanos = nanos;
        this.due = nanos.getAsLong();
    }

    @Override
    public String clientId() {
        return "claim-" + token.id();
    }

    @Override
    public Duration sessionExpiry() {
        return Duration.ZERO;
    }

    @Override
    public List<String> filters() {
        return List.of(Token.answerTopic(token.topic()));
    }

    @Override
    public Optional<Message> online() {
        return Optional.empty();
    }

    @Override
    public Optional<Message> will() {
        return Optional.empty();
    }

    @Override
    public void receive(Message message) {
        if (message.topic().equals(Token.answerTopic(token.topic()))) {
            answers.accept(message);
        }
    }

    @Override
    public void connected(Runnable filtersChanged) {
        LOG.log(System.Logger.Level.INFO, "connected to claim a certificate for " + token.device());
        claimNow();
    }

    @Override
    public void disconnected(String why) {
        LOG.log(System.Logger.Level.WARNING, "not connected to claim a certificate: " + why);
    }

    @Override
    public synchronized Parcel take() throws InterruptedException {
        while (true) {
            long left = due - nanos.getAsLong();
            if (left <= 0) {
                due = nanos.getAsLong() + AGAIN.toNanos();
                Optional<Message> message = message();
                if (message.isPresent()) {
                    return new Claim(message.get());
                }
            } else {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
    }

    private synchronized void claimNow() {
        due = nanos.getAsLong();
        notifyAll();
    }

    /** Nothing where flash does not let a key be made now. */
    private Optional<Message> message() {
        try {
            byte[] made = claim;
            if (made == null) {
                byte[] der = request.make();
                made = new ClaimRequest(der, Optional.of(token.mac(der))).write();
                claim = made;
            }
            return Optional.of(Message.json(token.topic(), made).expiring(EXPIRY));
        } catch (IOException e) {
            String trouble = String.valueOf(e.getMessage());
            if (!trouble.equals(lastTrouble)) {
                LOG.log(System.Logger.Level.ERROR, "cannot claim a certificate", e);
                lastTrouble = trouble;
            }
            return Optional.empty();
        }
    }

    private record Claim(Message message) implements Parcel {
        @Override
        public void acknowledged() {
            // That the broker has it says nothing; an answer ends it.
        }

        @Override
        public void returned() {
            // It goes out with the next connection, or when its time comes.
        }

        @Override
        public void refused(String why) {
            LOG.log(System.Logger.Level.ERROR, "the broker does not take a claim at " + message.topic() + ": " + why);
        }
    }
}

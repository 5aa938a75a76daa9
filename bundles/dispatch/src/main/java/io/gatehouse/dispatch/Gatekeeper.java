package io.gatehouse.dispatch;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Admission;
import io.gatehouse.protocol.trust.Admission.Accepted;
import io.gatehouse.protocol.trust.Admission.Reason;
import io.gatehouse.protocol.trust.Admission.Refused;
import io.gatehouse.protocol.trust.Anchor;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.LastAccepted;
import io.gatehouse.protocol.trust.ProtectedHeader;
import io.gatehouse.protocol.trust.SignedMessage;
import io.gatehouse.protocol.trust.Trust;
import io.gatehouse.protocol.trust.TrustDocument;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Lets in what somebody signed who may. A broker is a carrier and nobody's authority. */
final class Gatekeeper {
    private final Anchor anchor;
    private final KnownTime time;
    private final SecurityEvents security;
    private final Trusted trusted;
    private final Function<Topic.Desired, Optional<LastAccepted>> lastAccepted;
    private final BiConsumer<Incoming.Wish, Reason> later;

    /**
     * A gatekeeper.
     *
     * @param lastAccepted what was accepted last at a topic
     * @param later takes a wish that may be admitted when this device knows more: whom to trust, or what time it is
     */
    Gatekeeper(
            Anchor anchor,
            KnownTime time,
            SecurityEvents security,
            Trusted trusted,
            Function<Topic.Desired, Optional<LastAccepted>> lastAccepted,
            BiConsumer<Incoming.Wish, Reason> later) {
        this.anchor = anchor;
        this.time = time;
        this.security = security;
        this.trusted = trusted;
        this.lastAccepted = lastAccepted;
        this.later = later;
    }

    Incoming admit(Incoming incoming) {
        if (incoming instanceof Call call) {
            return admit(call);
        }
        return incoming instanceof Incoming.Wish wish ? admit(wish) : incoming;
    }

    private Incoming admit(Call call) {
        Topic.Command topic =
                (Topic.Command) Topic.parse(call.message().topic()).orElseThrow();
        Admission admission = ask(topic, call.message(), Optional.empty());
        if (admission instanceof Refused refused) {
            tell(topic, call.message(), refused);
            return new Incoming.Settled(call, Outcome.refused(refused.reason().word(), refused.detail()));
        }
        ProtectedHeader header = ((Accepted) admission).header();
        time.passed(header.iat());
        Instant expires = header.command().orElseThrow().exp();
        return call.by(new Call.Signed(header.kid(), header.iat().getEpochSecond(), expires.getEpochSecond()));
    }

    private Incoming admit(Incoming.Wish wish) {
        Admission admission = ask(wish);
        if (admission instanceof Refused refused) {
            tell(wish.topic(), wish.message(), refused);
        }
        return admitted(wish, admission);
    }

    /** Looks again at a wish that was refused for what may pass; nobody is told another time. */
    Incoming admitNow(Incoming.Wish wish) {
        return admitted(wish, ask(wish));
    }

    private Incoming admitted(Incoming.Wish wish, Admission admission) {
        if (admission instanceof Accepted accepted) {
            time.passed(accepted.header().iat());
            return new Incoming.Admitted(wish, accepted.last());
        }
        if (admission instanceof Refused refused && mayPass(refused.reason())) {
            later.accept(wish, refused.reason());
        }
        return Incoming.Nothing.NOTHING;
    }

    private Admission ask(Incoming.Wish wish) {
        Admission admission = ask(wish.topic(), wish.message(), lastAccepted.apply(wish.topic()));
        return admission instanceof Accepted accepted
                ? accepted.trust().flatMap(this::rolledBack).orElse(admission)
                : admission;
    }

    /** Also where the document that was accepted here before is lost. */
    private Optional<Admission> rolledBack(TrustDocument document) {
        long least = trusted.leastVersion();
        return document.version() < least
                ? Optional.of(new Refused(
                        Reason.ROLLED_BACK, "trust document: version " + least + " was accepted here before"))
                : Optional.empty();
    }

    private Admission ask(Topic topic, Message message, Optional<LastAccepted> last) {
        Optional<String> root = anchor.root();
        if (root.isEmpty()) {
            return new Refused(
                    Reason.NO_TRUST,
                    "this device was given no root: set gatehouse.root to the thumbprint of the fleet's, or enroll it");
        }
        SignedMessage signed = new SignedMessage(
                topic,
                message.payload(),
                message.properties().all(Jws.PROPERTY),
                message.correlation(),
                message.responseTopic());
        return new Trust(root.get(), trusted.document()).admit(signed, time.now(), last);
    }

    /** Whether another trust document or a right clock can change the answer: messages come in any order. */
    private static boolean mayPass(Reason reason) {
        return switch (reason) {
            case NO_TRUST, UNKNOWN_KEY, RETIRED_KEY, WRONG_ROLE, OUT_OF_SCOPE, UNCONFIRMED_ROOT, NOT_YET -> true;
            default -> false;
        };
    }

    private void tell(Topic topic, Message message, Refused refused) {
        security.tell(
                refused.reason().word(),
                refused.detail(),
                new SecurityEvents.About(topic.toString(), message.payload()));
    }
}

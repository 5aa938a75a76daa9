package io.gatehouse.identity;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.device.Attester;
import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import io.gatehouse.protocol.enrollment.ClaimAnswer;
import io.gatehouse.protocol.enrollment.Token;
import io.gatehouse.protocol.trust.ClockFloor;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * By what this device shows who it is. A device with a token that was not redeemed claims: it offers a connection's two sides
 * that do only that, before those of everybody else. A device with a certificate offers the TLS that shows it, and what signs in
 * its name. A transport takes what is offered; when the certificate is replaced, so is that service, and the transport connects
 * anew. What signs is not replaced, so that who needs it goes on; it shows the newer certificate.
 */
@Component(service = Credentials.class, immediate = true)
public final class Credentials {
    /** The service property of the fleet's TLS, and its value. */
    static final Map<String, String> FLEET = Map.of("gatehouse.tls", "fleet");

    /** The service property of an endpoint that says where it is to be connected. */
    static final String BROKER = "gatehouse.broker";

    private static final System.Logger LOG = System.getLogger(Credentials.class.getName());
    private static final int BEFORE_OTHERS = 1000;

    private final Services services;
    private final Timer timer;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Instant built;
    private final IdentityFolder folder;
    private final Optional<Membership> membership;
    private final Findings findings;

    private volatile Optional<IssuedChain> inForce = Optional.empty();
    private volatile Runnable whenChanged = () -> {};

    // guarded by this
    private @Nullable Token claimed;
    private @Nullable DeviceKey key;

    private final Object offering = new Object();
    // guarded by offering
    private int ranking;
    private boolean ended;
    private Runnable withdrawTls = () -> {};
    private Runnable withdrawClaiming = () -> {};
    private @Nullable Runnable withdrawAttester;

    /** Where it runs. */
    record Place(Settings settings, Services services, Instant built) {}

    @Activate
    public Credentials(BundleContext context) {
        this(
                new Place(Settings.of(context), offers(context), built(context)),
                Timer.ofJava(),
                Clock.systemUTC(),
                System::nanoTime);
    }

    /**
     * Begins to claim, or to show the certificate there is.
     *
     * @param timer runs what must not hold up whoever brought it about
     * @param nanos as {@link System#nanoTime}
     */
    Credentials(Place place, Timer timer, Clock clock, LongSupplier nanos) {
        this.services = place.services();
        this.timer = timer;
        this.clock = clock;
        this.nanos = nanos;
        this.built = place.built();
        this.findings = new Findings(nanos);
        Settings settings = place.settings();
        this.folder = new IdentityFolder(settings.folder());
        try {
            Optional<Membership> before = folder.membership();
            Optional<Token> token = settings.token(folder)
                    .filter(given -> before.isEmpty() || !before.get().token().equals(given.id()));
            membership = token.map(Membership::of).or(() -> before);
            claimed = token.orElse(null);
            if (token.isEmpty() && before.isPresent()) {
                inForce = certificate();
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot tell who this device is: " + e.getMessage(), e);
        }
        offer(settings.claimBroker());
    }

    /** A damaged one is none: the device is who it is also without, and runs what it has until it can claim anew. */
    private Optional<IssuedChain> certificate() {
        try {
            return folder.certificate();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the certificate is damaged, and taken for missing", e);
            return Optional.empty();
        }
    }

    @Deactivate
    void end() {
        synchronized (offering) {
            ended = true;
            withdrawClaiming.run();
            withdrawTls.run();
            if (withdrawAttester != null) {
                withdrawAttester.run();
            }
        }
    }

    /** Who this device is, where it is or will be a member of a fleet. */
    Optional<Membership> membership() {
        return membership;
    }

    /** The certificate that is shown now. */
    Optional<IssuedChain> inForce() {
        return inForce;
    }

    Findings findings() {
        return findings;
    }

    ClockFloor.Time time() {
        return new ClockFloor(built)
                .raisedTo(inForce.map(IssuedChain::certainlyOver).orElse(built))
                .time(clock);
    }

    /** What runs, on another thread, when another certificate came into force. */
    void whenChanged(Runnable action) {
        whenChanged = action;
    }

    /** Asks for a certificate for this device and its key. */
    byte[] signingRequest() throws IOException {
        return key().signingRequest(membership.orElseThrow().device().toString());
    }

    /**
     * Takes a certificate, if it is one for this device that ends later than the one in force.
     *
     * @throws CertificateException where it is none, which changes nothing
     * @throws IOException where it cannot be kept, which changes nothing
     */
    synchronized void accept(String pem) throws CertificateException, IOException {
        IssuedChain chain = IssuedChain.read(pem);
        Membership own = membership.orElseThrow();
        chain.check(key().publicKey(), own.device(), own.ca(), time());
        if (inForce.isPresent() && !chain.until().isAfter(inForce.get().until())) {
            return; // whoever repeats what was once issued is not to make the device go back to it
        }
        if (claimed != null) {
            folder.enroll(chain, own);
        } else {
            folder.renew(chain);
        }
        claimed = null;
        inForce = Optional.of(chain);
        LOG.log(System.Logger.Level.INFO, "certificate of " + own.device() + " until " + chain.until());
        Runnable ignored = timer.after(Duration.ZERO, this::offerAnew);
    }

    /**
     * Takes what a claim was answered with. What is no answer to a claim of this device is told as a finding.
     *
     * @return why there is no certificate, where one is to be asked for again
     */
    Optional<String> take(Message message) {
        try {
            ClaimAnswer answer = ClaimAnswer.read(message.payload());
            if (answer instanceof ClaimAnswer.Issued issued) {
                accept(issued.certificate());
            } else if (answer instanceof ClaimAnswer.Refused refused) {
                return Optional.of(
                        refused.problem().type() + ": " + refused.problem().detail());
            }
        } catch (BadArgument | CertificateException e) {
            findings.tell(String.valueOf(e.getMessage()), message.topic());
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot keep the certificate", e);
            return Optional.of("cannot keep it: " + e.getMessage());
        }
        return Optional.empty();
    }

    private void answered(Message message) {
        take(message)
                .ifPresent(why ->
                        LOG.log(System.Logger.Level.ERROR, "no certificate: " + why + "; the claim is made again"));
    }

    private synchronized DeviceKey key() throws IOException {
        DeviceKey known = key;
        if (known == null) {
            known = folder.key();
            key = known;
        }
        return known;
    }

    private void offer(Optional<String> claimBroker) {
        Token token = claimed;
        if (token != null) {
            Map<String, Object> properties = new HashMap<>();
            properties.put(Constants.SERVICE_RANKING, BEFORE_OTHERS);
            claimBroker.ifPresent(broker -> properties.put(BROKER, broker));
            Claiming claiming = new Claiming(token, this::signingRequest, this::answered, nanos);
            synchronized (offering) {
                withdrawTls = offerTls(context(new KeyManager[0], trust(token.ca(), List.of())));
                withdrawClaiming = services.offer(claiming, properties, Endpoint.class, Outgoing.class);
            }
        } else if (membership.isPresent()) {
            if (inForce.isEmpty()) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "this device was enrolled and has no certificate any more: give it a new token");
            }
            offerAnew();
        }
    }

    /** The new one first: who takes it lets go of the old one, and never finds none. */
    private void offerAnew() {
        synchronized (offering) {
            if (ended) {
                return;
            }
            Runnable before = withdrawTls;
            withdrawTls = offerTls(tls());
            withdrawClaiming.run();
            withdrawClaiming = () -> {};
            before.run();
            offerAttester();
        }
        whenChanged.run();
    }

    /** Once there is a certificate there always is one. */
    private void offerAttester() {
        if (withdrawAttester != null || inForce.isEmpty()) {
            return;
        }
        try {
            DeviceAttester attester = new DeviceAttester(key(), () -> inForce.orElseThrow());
            withdrawAttester = services.offer(attester, Map.of(), Attester.class);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot sign in the device's name", e);
        }
    }

    private Runnable offerTls(SSLContext context) {
        Map<String, Object> properties = new HashMap<>(FLEET);
        properties.put(Constants.SERVICE_RANKING, ranking++);
        return services.offer(context, properties, SSLContext.class);
    }

    private SSLContext tls() {
        IssuedChain chain = inForce.orElse(null);
        TrustManager trust =
                trust(membership.orElseThrow().ca(), chain == null ? List.of() : List.of(chain.authority()));
        if (chain == null) {
            return context(new KeyManager[0], trust);
        }
        try {
            return context(new KeyManager[] {new ShownCertificate(key(), chain)}, trust);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot show the certificate", e);
            return context(new KeyManager[0], trust);
        }
    }

    private TrustManager trust(Sha256 ca, List<X509Certificate> known) {
        return new BrokerTrust(ca, known, this::time);
    }

    private static SSLContext context(KeyManager[] keys, TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    private static Services offers(BundleContext context) {
        return (service, properties, types) -> {
            String[] names = new String[types.length];
            for (int i = 0; i < types.length; i++) {
                names[i] = types[i].getName();
            }
            ServiceRegistration<?> registration =
                    context.registerService(names, service, FrameworkUtil.asDictionary(properties));
            return registration::unregister;
        };
    }

    private static Instant built(BundleContext context) {
        return Optional.ofNullable(context.getBundle().getHeaders().get("Gatehouse-Built"))
                .map(Instant::parse)
                .orElse(Instant.EPOCH);
    }
}

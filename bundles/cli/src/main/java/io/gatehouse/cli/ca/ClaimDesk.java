package io.gatehouse.cli.ca;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Problem;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Pem;
import io.gatehouse.protocol.enrollment.ClaimAnswer;
import io.gatehouse.protocol.enrollment.ClaimRequest;
import io.gatehouse.protocol.enrollment.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.cert.X509CertificateHolder;

/** Answers claims and renewals by what the register says. */
public final class ClaimDesk {
    private final Authority authority;
    private final Duration life;

    /**
     * One that issues certificates of this life.
     *
     * @throws Trouble if nobody could renew them in time
     */
    public ClaimDesk(Authority authority, Duration life) throws Trouble {
        if (life.compareTo(Duration.ofSeconds(10)) < 0) {
            throw new Trouble(Trouble.Kind.USAGE, "a certificate must live for 10 s at least: " + life);
        }
        this.authority = authority;
        this.life = life;
    }

    /** Answers whoever has a token. */
    public ClaimAnswer claim(String id, byte[] payload) throws Trouble {
        return answer(payload, (request, asked) -> authority.register().locked(additions -> {
            Optional<Entry.Granted> token = authority.register().token(id);
            if (token.isEmpty()) {
                return refused("unknown-token", "no token was made with the id " + id);
            }
            if (!isMadeWith(token.get(), request)) {
                return refused("wrong-mac", "the claim was not made with the secret of token " + id);
            }
            return claim(token.get(), asked, additions);
        }));
    }

    private ClaimAnswer claim(Entry.Granted token, SigningRequest asked, List<Entry> additions) {
        if (!asked.commonName().equals(Optional.of(token.device()))) {
            return refused(
                    "wrong-name",
                    "token " + token.token() + " is for " + token.device() + ", and the request for "
                            + asked.commonName().orElse("another form of name"));
        }
        Instant now = authority.clock().instant();
        Optional<Entry.Issued> living =
                living(token.device()).filter(issued -> issued.until().isAfter(now));
        Optional<Entry.Issued> redeemed = authority.register().redeemed(token.token());
        if (redeemed.isPresent()) {
            boolean isTheSame = living.isPresent()
                    && living.get().key().equals(asked.key())
                    && redeemed.get().key().equals(asked.key());
            return isTheSame
                    ? issued(living.get())
                    : refused("used-token", "token " + token.token() + " was used; gatehouse ca token makes another");
        }
        if (!now.isBefore(token.until())) {
            return refused("expired-token", "token " + token.token() + " was good until " + token.until());
        }
        if (living.isPresent()) {
            return refused(
                    "living-device",
                    token.device() + " has a certificate until " + living.get().until()
                            + "; gatehouse ca release frees the name");
        }
        return issue(token.device(), Optional.of(token.token()), asked, additions);
    }

    /** Answers a device that has a certificate, or had one, by the key that it has. */
    public ClaimAnswer renew(String device, byte[] payload) throws Trouble {
        return answer(payload, (request, asked) -> authority.register().locked(additions -> {
            Optional<Entry.Issued> living = living(device);
            if (living.isEmpty() || !living.get().key().equals(asked.key())) {
                return refused("unknown-key", device + " has no certificate for the key of this request");
            }
            if (!asked.commonName().equals(Optional.of(device))) {
                return refused("wrong-name", "the request is not for " + device);
            }
            // so that who repeats a request does not fill the register
            Duration lived =
                    Duration.between(living.get().from(), authority.clock().instant());
            Duration whole = Duration.between(living.get().from(), living.get().until());
            return lived.compareTo(whole.dividedBy(2)) < 0
                    ? issued(living.get())
                    : issue(device, Optional.empty(), asked, additions);
        }));
    }

    @FunctionalInterface
    private interface Rule {
        ClaimAnswer apply(ClaimRequest request, SigningRequest asked) throws Trouble;
    }

    private static ClaimAnswer answer(byte[] payload, Rule rule) throws Trouble {
        try {
            ClaimRequest request = ClaimRequest.read(payload);
            return rule.apply(request, SigningRequest.read(request.request()));
        } catch (BadArgument e) {
            return refused("bad-request", String.valueOf(e.getMessage()));
        }
    }

    private boolean isMadeWith(Entry.Granted granted, ClaimRequest request) {
        Token token = Tokens.of(granted, authority.fingerprint());
        byte[] mac = request.mac().orElse("").getBytes(StandardCharsets.US_ASCII);
        return MessageDigest.isEqual(mac, token.mac(request.request()).getBytes(StandardCharsets.US_ASCII));
    }

    private Optional<Entry.Issued> living(String device) {
        return authority.register().device(device).flatMap(Register.Device::issued);
    }

    private ClaimAnswer issue(String device, Optional<String> token, SigningRequest asked, List<Entry> additions) {
        X509CertificateHolder made = authority.issueClient(device, asked.publicKey(), life);
        Instant from = made.getNotBefore().toInstant();
        Entry.Issued entry = new Entry.Issued(
                device,
                token,
                asked.key(),
                made.getSerialNumber().toString(16),
                from,
                made.getNotAfter().toInstant(),
                Pem.write(Pem.CERTIFICATE, Authority.encoded(made)));
        additions.add(entry);
        return issued(entry);
    }

    private ClaimAnswer issued(Entry.Issued entry) {
        return new ClaimAnswer.Issued(entry.certificate() + authority.pem());
    }

    private static ClaimAnswer refused(String type, String detail) {
        return new ClaimAnswer.Refused(new Problem(type, detail));
    }

    /** What a public key is called in the register. */
    static String nameOf(byte[] publicKey) {
        return Sha256.of(publicKey).hex();
    }
}

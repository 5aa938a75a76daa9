package io.gatehouse.cli.ca;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.enrollment.Token;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes tokens, and says what became of them. */
public final class Tokens {
    private final Authority authority;

    /** Tokens of this authority. */
    public Tokens(Authority authority) {
        this.authority = authority;
    }

    /**
     * A device of the fleet.
     *
     * @param state {@code waiting} for its claim, {@code enrolled}, or {@code ended} where its certificate did
     * @param until the certificate's end, or the token's
     */
    public record Listed(String device, Optional<String> place, String state, Instant until, Optional<String> serial) {
        /** The members in order, as JSON values. */
        public Map<String, Object> write() {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("device", device);
            place.ifPresent(where -> members.put("place", where));
            members.put("state", state);
            members.put("until", until.toString());
            serial.ifPresent(number -> members.put("serial", number));
            return members;
        }
    }

    /** Makes a token, and enters it into the register. */
    public Token grant(DeviceName device, Optional<String> place, String root, Duration valid) throws Trouble {
        Token token = Token.generate(device, place, authority.fingerprint(), root, new SecureRandom());
        return authority.register().locked(additions -> {
            Instant until = authority.clock().instant().plus(valid);
            additions.add(new Entry.Granted(token.id(), token.secret(), device.toString(), place, root, until));
            return token;
        });
    }

    /** Revokes a device's certificates, and lets another claim its name. */
    public void release(String device) throws Trouble {
        authority.register().locked(additions -> {
            if (authority
                    .register()
                    .device(device)
                    .flatMap(Register.Device::issued)
                    .isEmpty()) {
                throw new Trouble(Trouble.Kind.USAGE, device + " has no certificate to release it from");
            }
            additions.add(new Entry.Released(device, authority.clock().instant()));
            return device;
        });
    }

    /** All devices that a token was made for. */
    public List<Listed> list() throws Trouble {
        return authority.register().locked(additions -> {
            List<Listed> listed = new ArrayList<>();
            authority.register().devices().forEach((name, device) -> listed.add(listed(name, device)));
            return listed;
        });
    }

    private Listed listed(String name, Register.Device device) {
        Instant now = authority.clock().instant();
        return device.issued()
                .map(issued -> new Listed(
                        name,
                        device.granted().place(),
                        issued.until().isAfter(now) ? "enrolled" : "ended",
                        issued.until(),
                        Optional.of(issued.serial())))
                .orElseGet(() -> new Listed(
                        name,
                        device.granted().place(),
                        "waiting",
                        device.granted().until(),
                        Optional.empty()));
    }

    static Token of(Entry.Granted granted, Sha256 ca) {
        return new Token(
                granted.token(),
                granted.secret(),
                DeviceName.parse(granted.device()),
                granted.place(),
                ca,
                granted.root());
    }
}

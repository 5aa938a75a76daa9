package io.gatehouse.cli.ca;

import io.gatehouse.api.command.Members;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One line of the register. */
sealed interface Entry permits Entry.Granted, Entry.Issued, Entry.Released {
    /** The device's name. */
    String device();

    /** A token was made. Its secret is kept, for it proves the claim. */
    record Granted(String token, String secret, String device, Optional<String> place, String root, Instant until)
            implements Entry {}

    /**
     * A certificate was issued.
     *
     * @param token by which it was claimed; nothing where it renews another
     * @param key SHA-256 of the public key
     * @param certificate in PEM, without the authority's
     */
    record Issued(
            String device,
            Optional<String> token,
            String key,
            String serial,
            Instant from,
            Instant until,
            String certificate)
            implements Entry {}

    /** Its certificates are revoked, and another device may claim the name. */
    record Released(String device, Instant at) implements Entry {}

    /**
     * Reads an entry.
     *
     * @throws io.gatehouse.api.command.BadArgument if it is none
     */
    static Entry read(Members members) {
        String kind = members.string("kind");
        return switch (kind) {
            case "granted" ->
                new Granted(
                        members.string("token"),
                        members.string("secret"),
                        members.string("device"),
                        members.optionalString("place"),
                        members.string("root"),
                        Instant.parse(members.string("until")));
            case "issued" ->
                new Issued(
                        members.string("device"),
                        members.optionalString("token"),
                        members.string("key"),
                        members.string("serial"),
                        Instant.parse(members.string("from")),
                        Instant.parse(members.string("until")),
                        members.string("certificate"));
            case "released" -> new Released(members.string("device"), Instant.parse(members.string("at")));
            default -> throw members.wrong("kind", kind, "granted, issued or released");
        };
    }

    /** The entry as JSON values. */
    default Map<String, Object> write(Instant at) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("at", at.toString());
        if (this instanceof Granted granted) {
            members.put("kind", "granted");
            members.put("token", granted.token());
            members.put("secret", granted.secret());
            members.put("device", granted.device());
            granted.place().ifPresent(where -> members.put("place", where));
            members.put("root", granted.root());
            members.put("until", granted.until().toString());
        } else if (this instanceof Issued issued) {
            members.put("kind", "issued");
            members.put("device", issued.device());
            issued.token().ifPresent(token -> members.put("token", token));
            members.put("key", issued.key());
            members.put("serial", issued.serial());
            members.put("from", issued.from().toString());
            members.put("until", issued.until().toString());
            members.put("certificate", issued.certificate());
        } else if (this instanceof Released released) {
            members.put("at", released.at().toString());
            members.put("kind", "released");
            members.put("device", released.device());
        }
        return members;
    }
}

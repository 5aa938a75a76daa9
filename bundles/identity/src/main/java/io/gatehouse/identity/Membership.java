package io.gatehouse.identity;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.enrollment.Token;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who this device is in its fleet, as its token said.
 *
 * @param token the token's id
 * @param ca SHA-256 of the fleet authority's certificate in DER
 * @param root thumbprint of the root that it trusts
 */
record Membership(String token, DeviceName device, Optional<String> place, Sha256 ca, String root) {
    static Membership of(Token token) {
        return new Membership(token.id(), token.device(), token.place(), token.ca(), token.root());
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if this is something else
     */
    static Membership read(byte[] bytes) {
        Members members = Json.readStrict(bytes);
        return new Membership(
                members.string("token"),
                DeviceName.parse(members.string("device")),
                members.optionalString("place"),
                new Sha256(members.string("ca")),
                members.string("root"));
    }

    byte[] write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("token", token);
        members.put("device", device.toString());
        place.ifPresent(where -> members.put("place", where));
        members.put("ca", ca.hex());
        members.put("root", root);
        return Json.write(members);
    }
}

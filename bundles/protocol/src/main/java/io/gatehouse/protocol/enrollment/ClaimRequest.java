package io.gatehouse.protocol.enrollment;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Pem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A device asks for a certificate: its first, or its next.
 *
 * @param request PKCS#10, in DER
 * @param mac {@link Token#mac} of it, with the first
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ClaimRequest(byte[] request, Optional<String> mac) {
    private static final int LARGEST = 16 * 1024;

    /**
     * Reads a request. What the PKCS#10 says is not looked at.
     *
     * @throws BadArgument if it is none
     */
    public static ClaimRequest read(byte[] payload) {
        if (payload.length > LARGEST) {
            throw new BadArgument("payload has " + payload.length + " bytes, and at most " + LARGEST + " are taken");
        }
        Members members = Json.readStrict(payload);
        String csr = members.string("csr");
        List<byte[]> requests;
        try {
            requests = Pem.read(Pem.REQUEST, csr);
        } catch (IllegalArgumentException e) {
            throw new BadArgument("csr must be PEM: " + e.getMessage());
        }
        if (requests.size() != 1) {
            throw new BadArgument("csr must be one " + Pem.REQUEST + " in PEM, and there are " + requests.size());
        }
        return new ClaimRequest(requests.get(0), members.optionalString("mac"));
    }

    /** The payload. */
    public byte[] write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("csr", Pem.write(Pem.REQUEST, request));
        mac.ifPresent(code -> members.put("mac", code));
        return Json.write(members);
    }
}

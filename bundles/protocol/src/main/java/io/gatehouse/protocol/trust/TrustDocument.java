package io.gatehouse.protocol.trust;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.desired.Desired;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whom a device trusts: the {@code spec} of {@code S/desired/trust}.
 *
 * @param version only rises
 * @param relays the SSH servers at which devices may open tunnels; where there are none, who asks for a tunnel names one and its key
 */
public record TrustDocument(long version, List<TrustedKey> keys, List<Vendor> vendors, List<Relay> relays) {
    /** The greatest whole number that every reader of JSON holds exactly. */
    private static final long GREATEST_VERSION = (1L << 53) - 1;

    public TrustDocument {
        keys = List.copyOf(keys);
        vendors = List.copyOf(vendors);
        relays = List.copyOf(relays);
    }

    /** One that names no relays. */
    public TrustDocument(long version, List<TrustedKey> keys, List<Vendor> vendors) {
        this(version, keys, vendors, List.of());
    }

    /**
     * Reads a document.
     *
     * @param members the object, with its path in the payload it came in
     * @throws BadArgument naming the member that is missing or will not do, with its value
     */
    public static TrustDocument read(Members members) {
        long version = members.integer("version", 1, GREATEST_VERSION);
        List<TrustedKey> keys = new ArrayList<>();
        Set<String> kids = new HashSet<>();
        for (Members key : members.objects("keys")) {
            keys.add(TrustedKey.read(key));
            once(kids, key, "kid");
        }
        if (keys.stream().noneMatch(TrustedKey::isLivingRoot)) {
            throw new BadArgument(members.path("keys") + " must have one with the role root that is not retired: "
                    + keys.size() + " keys");
        }
        List<Vendor> vendors = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Members vendor : members.objects("vendors")) {
            vendors.add(Vendor.read(vendor));
            once(names, vendor, "name");
        }
        List<Relay> relays = new ArrayList<>();
        Set<String> addresses = new HashSet<>();
        for (Members relay : members.objects("relays")) {
            relays.add(Relay.read(relay));
            once(addresses, relay, "address");
        }
        return new TrustDocument(version, keys, vendors, relays);
    }

    /** Of the trust documents that were accepted at the scopes of a device the one that counts: of the highest version. */
    public static Optional<Desired> inForce(List<Desired> all) {
        return all.stream().max(Comparator.comparingLong(TrustDocument::version));
    }

    /**
     * Reads one that was accepted.
     *
     * @throws BadArgument if it is none; another release may have accepted it
     */
    public static TrustDocument read(Desired accepted) {
        return read(Members.of("spec", members(accepted)));
    }

    private static long version(Desired accepted) {
        return members(accepted).get("version") instanceof Number version ? version.longValue() : 0;
    }

    @SuppressWarnings("unchecked") // JSON objects have no names but strings
    private static Map<String, ?> members(Desired accepted) {
        return accepted.spec() instanceof Map<?, ?> map ? (Map<String, ?>) map : Map.of();
    }

    /** The JSON object. */
    public Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("version", version);
        members.put("keys", keys.stream().map(TrustedKey::write).toList());
        members.put("vendors", vendors.stream().map(Vendor::write).toList());
        if (!relays.isEmpty()) {
            members.put("relays", relays.stream().map(Relay::write).toList());
        }
        return members;
    }

    /** The key of this thumbprint; nothing where there is none, or none any more. */
    public Optional<TrustedKey> key(String kid) {
        return keys.stream().filter(key -> key.kid().equals(kid)).findFirst();
    }

    /** The thumbprints of the keys that a newer document has no more: they are revoked. */
    public Set<String> revokedBy(TrustDocument newer) {
        return keys.stream()
                .map(TrustedKey::kid)
                .filter(kid -> newer.key(kid).isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The keys that may sign trust documents. */
    List<TrustedKey> livingRoots() {
        return keys.stream().filter(TrustedKey::isLivingRoot).toList();
    }

    private static void once(Set<String> seen, Members members, String name) {
        String value = members.string(name);
        if (!seen.add(value)) {
            throw new BadArgument(members.path(name) + " is there twice: " + value);
        }
    }
}

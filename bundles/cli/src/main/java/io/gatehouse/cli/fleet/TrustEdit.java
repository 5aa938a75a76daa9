package io.gatehouse.cli.fleet;

import io.gatehouse.protocol.trust.Relay;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import io.gatehouse.protocol.trust.Vendor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A trust document on its way to the next version. */
public final class TrustEdit {
    private static final int LEAST_BEGINNING = 6;

    private final TrustDocument before;
    private final List<TrustedKey> keys;
    private final List<Vendor> vendors;
    private final List<Relay> relays;

    public TrustEdit(TrustDocument before) {
        this.before = before;
        this.keys = new ArrayList<>(before.keys());
        this.vendors = new ArrayList<>(before.vendors());
        this.relays = new ArrayList<>(before.relays());
    }

    /** What came of it; its version is one higher. */
    public TrustDocument next() {
        return new TrustDocument(before.version() + 1, keys, vendors, relays);
    }

    /** The key of this thumbprint, or of the only one that begins so. */
    public TrustedKey find(String kid) throws Trouble {
        List<TrustedKey> found =
                keys.stream().filter(key -> key.kid().startsWith(kid)).toList();
        if (found.size() != 1 || kid.length() < LEAST_BEGINNING) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "not the thumbprint of one key, nor " + LEAST_BEGINNING + " characters of its beginning: " + kid
                            + "; there are "
                            + keys.stream().map(TrustedKey::kid).toList());
        }
        return found.get(0);
    }

    /** Adds a key, or puts it in the place of what the document says of it. */
    public TrustEdit put(TrustedKey key) {
        put(keys, key, old -> old.kid().equals(key.kid()));
        return this;
    }

    /** Adds a vendor, or puts it in the place of the one of its name. */
    public TrustEdit put(Vendor vendor) {
        put(vendors, vendor, old -> old.name().equals(vendor.name()));
        return this;
    }

    /** Lets a key sign nothing new. */
    public TrustEdit retire(String kid) throws Trouble {
        TrustedKey key = find(kid);
        return put(key.retire());
    }

    /** Takes a key away. */
    public TrustEdit revoke(String kid) throws Trouble {
        keys.remove(find(kid));
        return this;
    }

    /** Takes a vendor away. */
    public TrustEdit removeVendor(String name) throws Trouble {
        if (!vendors.removeIf(vendor -> vendor.name().equals(name))) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "no such vendor: " + name + "; there are "
                            + vendors.stream().map(Vendor::name).toList());
        }
        return this;
    }

    /** Adds a relay, or puts it in the place of the one of its address. */
    public TrustEdit put(Relay relay) {
        put(relays, relay, old -> old.address().equals(relay.address()));
        return this;
    }

    /** Takes a relay away. */
    public TrustEdit removeRelay(String address) throws Trouble {
        if (!relays.removeIf(relay -> relay.address().equals(address))) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "no such relay: " + address + "; there are "
                            + relays.stream().map(Relay::address).toList());
        }
        return this;
    }

    private static <T> void put(List<T> all, T one, Predicate<T> isSame) {
        for (int at = 0; at < all.size(); at++) {
            if (isSame.test(all.get(at))) {
                all.set(at, one);
                return;
            }
        }
        all.add(one);
    }
}

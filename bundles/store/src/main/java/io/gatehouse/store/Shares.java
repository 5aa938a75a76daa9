package io.gatehouse.store;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may keep how much.
 *
 * @param bytes of flash for all together
 * @param each for a bundle without a share of its own
 * @param own by bundle: what nobody else may take
 */
record Shares(long bytes, long each, Map<String, Long> own) {
    private static final long LEAST = 256 << 10;

    Shares {
        own = Map.copyOf(own);
        if (bytes < LEAST) {
            throw new IllegalArgumentException(
                    "io.gatehouse.store: bytes must be " + LEAST + " or more, for example 16777216: " + bytes);
        }
        if (each < 0) {
            throw new IllegalArgumentException("io.gatehouse.store: bundleBytes must not be negative: " + each);
        }
        long shared = own.values().stream().mapToLong(Long::longValue).sum();
        if (shared > living(bytes)) {
            throw new IllegalArgumentException("io.gatehouse.store: shares (" + shared
                    + " bytes together) must fit into three quarters of bytes, " + living(bytes)
                    + ": raise bytes or lower the shares");
        }
    }

    /** Reads shares as {@code <symbolic name>=<bytes>}. */
    static Shares of(long bytes, long each, String... shares) {
        Map<String, Long> own = new LinkedHashMap<>();
        for (String share : shares) {
            int equals = share.indexOf('=');
            try {
                long amount = Long.parseLong(share.substring(equals + 1).strip());
                if (equals < 1 || amount < 0) {
                    throw new NumberFormatException(share);
                }
                own.put(share.substring(0, equals).strip(), amount);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "io.gatehouse.store: a share is <symbolic name>=<bytes>, for example com.acme.rain=2097152: "
                                + share,
                        e);
            }
        }
        return new Shares(bytes, each, own);
    }

    /** The size of a segment. */
    long segment() {
        return Math.max(LEAST / 16, Math.min(LEAST, bytes / 64));
    }

    /**
     * Why a bundle may not keep so many bytes more.
     *
     * @return null where it may
     */
    @Nullable
    String refusal(String bundle, long more, Index index) {
        @Nullable Long share = own.get(bundle);
        long bound = share == null ? each : share;
        long used = index.used(bundle);
        if (used + more > bound) {
            return bundle + " keeps " + used + " bytes of the " + bound + " that it may (io.gatehouse.store: "
                    + (share == null ? "bundleBytes" : "shares") + "), " + more + " more do not fit";
        }
        long left = share == null ? left(index) : more;
        return more <= left
                ? null
                : "all bundles without a share of their own have " + left + " bytes left together (io.gatehouse.store: "
                        + "bytes), " + more + " more of " + bundle + " do not fit";
    }

    /** What those without a share have left. */
    private long left(Index index) {
        long left = living(bytes);
        for (long share : own.values()) {
            left -= share;
        }
        for (String bundle : index.bundles()) {
            left -= own.containsKey(bundle)
                    ? Math.max(0, index.used(bundle) - own.getOrDefault(bundle, 0L))
                    : index.used(bundle);
        }
        return left;
    }

    /** What is removed still takes its bytes for a while, so that it need not be copied about. */
    private static long living(long bytes) {
        return bytes / 4 * 3;
    }
}

package io.gatehouse.tunnel.ssh;

import java.net.SocketAddress;
import java.security.PublicKey;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.jspecify.annotations.Nullable;

/** Holds a relay to its pinned key, in one attempt to connect. */
final class HostKey {
    private static final AttributeKey<HostKey> KEY = new AttributeKey<>();

    private final Set<Fingerprint> pinned;
    private volatile @Nullable String wrong;

    HostKey(Set<Fingerprint> pinned) {
        this.pinned = Set.copyOf(pinned);
    }

    /** What to connect with, so that a session knows this from its first moment. */
    AttributeRepository context() {
        return AttributeRepository.ofKeyValuePair(KEY, this);
    }

    /** The key that was shown and is not pinned, with its kind; nothing where none was. */
    Optional<String> wrong() {
        return Optional.ofNullable(wrong);
    }

    /** MINA's question. A session that does not know what is pinned trusts none. */
    static boolean verify(ClientSession session, SocketAddress relay, PublicKey key) {
        AttributeRepository context = session.getConnectionContext();
        HostKey hostKey = context == null ? null : context.getAttribute(KEY);
        return hostKey != null && hostKey.isPinned(key);
    }

    private boolean isPinned(PublicKey key) {
        PublicKey plain = key instanceof OpenSshCertificate certificate ? certificate.getCertPubKey() : key;
        Fingerprint seen = Fingerprint.of(plain);
        if (pinned.contains(seen)) {
            return true;
        }
        wrong = seen + " (" + KeyUtils.getKeyType(plain) + ")";
        return false;
    }
}

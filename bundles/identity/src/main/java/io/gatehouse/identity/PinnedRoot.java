package io.gatehouse.identity;

import io.gatehouse.protocol.trust.Anchor;
import io.gatehouse.protocol.trust.Jwk;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The root that the launcher's settings pin, or the device's token. */
@Component
public final class PinnedRoot implements Anchor {
    private static final String PROPERTY = "gatehouse.root";

    private final Optional<String> root;

    @Activate
    public PinnedRoot(BundleContext context, @Reference Credentials credentials) {
        this(Settings.of(context).get(PROPERTY), credentials.membership().map(Membership::root));
    }

    PinnedRoot(Optional<String> set, Optional<String> enrolled) {
        root = set.or(() -> enrolled);
        set.filter(text -> enrolled.isPresent() && !text.equals(enrolled.get())).ifPresent(text -> {
            throw new IllegalArgumentException("framework property " + PROPERTY + " is " + text
                    + ", and the device's token says " + enrolled.get() + ": take the setting away");
        });
        set.filter(text -> !Jwk.isThumbprint(text)).ifPresent(text -> {
            throw new IllegalArgumentException("framework property " + PROPERTY
                    + " must be a key's thumbprint, 43 characters of base64url as gatehouse key show prints them: "
                    + text);
        });
    }

    @Override
    public Optional<String> root() {
        return root;
    }
}

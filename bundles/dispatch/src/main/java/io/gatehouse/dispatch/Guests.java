package io.gatehouse.dispatch;

import io.gatehouse.software.Software;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Tells bundles that are held to a vendor's bounds from those that somebody vouches for, the image's among them. */
final class Guests {
    private final BundleContext context;

    Guests(BundleContext context) {
        this.context = context;
    }

    /** Whether nobody vouches for it, as far as the launcher knows. Without a launcher there are none. */
    boolean has(@Nullable Bundle bundle) {
        ServiceReference<Software> reference = bundle == null ? null : context.getServiceReference(Software.class);
        Software software = reference == null ? null : context.getService(reference);
        if (software == null || bundle == null) {
            return false;
        }
        try {
            return software.running().stream()
                    .noneMatch(part -> part.symbolicName().equals(bundle.getSymbolicName())
                            && part.bounds().isEmpty());
        } finally {
            context.ungetService(reference);
        }
    }
}

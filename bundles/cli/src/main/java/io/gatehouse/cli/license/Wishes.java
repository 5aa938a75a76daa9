package io.gatehouse.cli.license;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Scope;
import java.util.Optional;

/** Licenses and revocation lists as devices shall have them. */
public final class Wishes {
    private Wishes() {}

    /**
     * A license under a name.
     *
     * @throws Trouble if the name may not be a level of a topic
     */
    public static Wish license(Scope scope, String name, String token) throws Trouble {
        return license(scope, name, token, Rollout.ALL);
    }

    /** As {@link #license(Scope, String, String)}, for a share of the devices. */
    static Wish license(Scope scope, String name, String token, Rollout rollout) throws Trouble {
        return named(scope, name, new Envelope(Optional.of(token), rollout));
    }

    /**
     * No license under a name any more.
     *
     * @throws Trouble if the name may not be a level of a topic
     */
    public static Wish noLicense(Scope scope, String name) throws Trouble {
        return named(scope, name, Envelope.REMOVED);
    }

    /** An issuer's revocation list. */
    public static Wish revocations(Scope scope, String issuer, String token) {
        return new Wish(
                scope, LicenseReport.REVOCATION, Optional.of(issuer), new Envelope(Optional.of(token), Rollout.ALL));
    }

    private static Wish named(Scope scope, String name, Envelope envelope) throws Trouble {
        if (!Names.isName(name)) {
            throw new Trouble(Trouble.Kind.USAGE, "not a name for a license: " + name + "; give --name, " + Names.FORM);
        }
        return new Wish(scope, LicenseReport.RESOURCE, Optional.of(name), envelope);
    }
}

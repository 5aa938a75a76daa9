package io.gatehouse.tunnel.ssh;

/** What can be set, by a configuration {@code io.gatehouse.tunnel.ssh}. */
@interface Settings {
    /** Where tunnels may lead, each {@code host:port}, beside the doors that bundles open. */
    String[] targets() default {"127.0.0.1:22", "127.0.0.1:80", "127.0.0.1:443"};

    /** Tunnels at once, at most. */
    int tunnels() default 2;

    /** Connections at once in each tunnel, at most. */
    int connections() default 16;

    /** Bytes per second that all tunnels together may receive, and as many that they may send; 0 is without limit. */
    long bandwidth() default 0;

    /** The longest life that can be asked for; ISO 8601. */
    String longest() default "PT8H";

    /** The life of a tunnel for which none was asked. */
    String ttl() default "PT30M";

    /** After so long without a byte a tunnel for which nothing else was asked is closed. */
    String idle() default "PT10M";

    /** After so long without a byte from the relay it is asked for one; after three times that the link counts as lost. */
    String keepalive() default "PT15S";

    /**
     * How long a relay may take for each of connecting, authenticating and forwarding, and a target for what is left of a connection that
     * the relay closed.
     */
    String patience() default "PT30S";
}

package io.gatehouse.tunnel.ssh;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * What came of the settings.
 *
 * @param fault the setting that will not do, its value and what would do; with it the limits are those of who may open nothing
 */
record Configured(Limits limits, Optional<String> fault) {
    private static final Logger LOG = System.getLogger(Configured.class.getName());

    /** Reads settings, and logs what will not do. */
    static Configured of(Settings settings) {
        try {
            return new Configured(Limits.read(settings), Optional.empty());
        } catch (IllegalArgumentException e) {
            String fault = "configuration " + e.getMessage();
            LOG.log(Level.ERROR, "there will be no tunnel: {0}", fault);
            return new Configured(Limits.none(), Optional.of(fault));
        }
    }
}

package io.gatehouse.telemetry;

/**
 * The bundle that a collector comes from.
 *
 * @param id the framework's
 * @param revision differs after each update of the bundle
 */
record Owner(long id, String symbolicName, String version, long revision) {
    @Override
    public String toString() {
        return symbolicName + " " + version;
    }
}

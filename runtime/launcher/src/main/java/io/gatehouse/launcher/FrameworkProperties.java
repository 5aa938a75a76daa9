package io.gatehouse.launcher;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.felix.framework.util.FelixConstants;
import org.osgi.framework.Constants;

/** What the framework is started with. */
final class FrameworkProperties {
    /** The packages of the jars in {@code lib} that bundles share; a test holds the versions against those jars. */
    static final String SYSTEM_PACKAGES = String.join(
            ",",
            "io.gatehouse.software;version=1.0.0",
            "jakarta.json;jakarta.json.spi;jakarta.json.stream;version=2.1.3",
            "org.slf4j;org.slf4j.event;org.slf4j.helpers;org.slf4j.spi;version=2.0.17",
            // slf4j 2 serves bundles that were built with slf4j 1 too
            "org.slf4j;org.slf4j.helpers;version=1.7.36");

    private static final String BOOT = "gatehouse.boot";
    private static final String RESET = "gatehouse.reset";
    private static final String VERSION = "gatehouse.version";

    private FrameworkProperties() {}

    static Map<String, Object> of(Settings settings, String version) {
        Map<String, Object> properties = new HashMap<>(settings.properties());
        properties.put(
                Constants.FRAMEWORK_STORAGE, settings.cache().resolve("felix").toString());
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        properties.merge(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SYSTEM_PACKAGES, (more, ours) -> ours + "," + more);
        // a jar that was closed for want of room would be opened anew through its link, which may lead elsewhere
        properties.put("felix.bundlecache.filelimit", "0");
        // the state folder's lock does it, and the handlers cost time at start
        properties.put("felix.cache.locking", "false");
        properties.put(FelixConstants.SERVICE_URLHANDLERS_PROP, "false");
        // two cores have better to do than to hand each other a resolution of a few milliseconds
        properties.putIfAbsent("felix.resolver.parallelism", "1");
        properties.put(FelixConstants.LOG_LOGGER_PROP, new FrameworkLog());
        properties.put(BOOT, HexFormat.of().toHexDigits(new SecureRandom().nextLong()));
        properties.put(VERSION, version);
        properties.put(RESET, String.valueOf(new FactoryReset(settings.state()).isAskedFor()));
        return properties;
    }
}

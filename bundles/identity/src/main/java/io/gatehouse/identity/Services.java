package io.gatehouse.identity;

import java.util.Map;

/** Where services are offered; on a device the framework's registry. */
@FunctionalInterface
interface Services {
    /**
     * Offers one under these types.
     *
     * @return what withdraws it
     */
    Runnable offer(Object service, Map<String, ?> properties, Class<?>... types);
}

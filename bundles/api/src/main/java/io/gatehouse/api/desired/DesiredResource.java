package io.gatehouse.api.desired;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes one resource of the device what the fleet wants it to be. Registered as a service with the property
 * {@code gatehouse.resource}, for example {@code feature}.
 */
@ConsumerType
@FunctionalInterface
public interface DesiredResource {
    /**
     * Tells all that is wanted now, whole, from the widest scope to the narrowest: once when this resource is found, and
     * again after each change. The call returns at once; the work is done on threads of the resource.
     */
    void desired(List<Desired> all);
}

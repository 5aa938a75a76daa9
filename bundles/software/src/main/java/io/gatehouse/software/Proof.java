package io.gatehouse.software;

import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Finds what is not well; a service with the property {@code gatehouse.proof}, its name. A change is proven when every
 * proof that was there before it is there again, by name, and complains of nothing that it did not complain of before.
 */
@ConsumerType
@FunctionalInterface
public interface Proof {
    /**
     * What is wrong now. Asked once before a change is applied, and then again and again until there is nothing new, the
     * same was heard for a sixth of the change's time (5 s at least) and will not pass by itself, or two thirds of that
     * time passed.
     *
     * @param touched {@link Plan#touched}: symbolic names of bundles, and PIDs, which begin with the symbolic name of the
     *     bundle that they configure
     */
    List<Complaint> complaints(Set<String> touched) throws InterruptedException;
}

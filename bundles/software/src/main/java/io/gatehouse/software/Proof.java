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
     * What is wrong now; the same trouble gives the same words. Asked once before a change is applied, and then
     * again and again until there is nothing new, the same words were heard for a sixth of the change's time (5 s at
     * least), or two thirds of that time passed. What passes by itself has words that change, such as a time.
     *
     * @param touched {@link Plan#touched}: symbolic names of bundles, and PIDs, which begin with the symbolic name of the
     *     bundle that they configure
     * @return complaints in words for an operator, naming bundle and cause
     */
    List<String> complaints(Set<String> touched) throws InterruptedException;
}

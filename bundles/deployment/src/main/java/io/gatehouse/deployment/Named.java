package io.gatehouse.deployment;

import org.osgi.framework.Version;

/** A bundle as far as it is known from others. */
sealed interface Named permits Jar, Manifest {
    String symbolicName();

    Version version();
}

package io.gatehouse.api.diagnostics;

import java.io.IOException;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Adds a file to the archive that the command {@code diagnostics} makes. Registered as a service with the property
 * {@code gatehouse.diagnostic}: the file's name below the folder of the bundle, for example {@code queue.txt}.
 */
@ConsumerType
@FunctionalInterface
public interface Diagnostic {
    /**
     * Writes the file, within some seconds and 1 MiB; what comes later, or beyond that, is cut off. It goes to whoever may ask for
     * diagnostics: no password, no key, no token.
     *
     * @throws IOException where it cannot be told; the archive then says why
     */
    void write(OutputStream file) throws IOException;
}

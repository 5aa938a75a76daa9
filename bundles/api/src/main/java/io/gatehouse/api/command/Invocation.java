package io.gatehouse.api.command;

import io.gatehouse.api.desired.Desired;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** One command that arrived, as its handler sees it. */
@ProviderType
public interface Invocation {
    /** The command's arguments. */
    Members arguments();

    /** The command's identity: its Correlation Data as base64url; what {@code cancel} names. */
    String id();

    /** Who signed it, and when; nothing where that is not known. */
    default Optional<Desired.Signature> signature() {
        return Optional.empty();
    }

    /**
     * Tells whoever asked how far it is; sent only where progress was asked for.
     *
     * @param ratio 0 to 1
     * @param note what is being done, in a few words
     */
    void progress(double ratio, String note);

    /**
     * Sends bytes to whoever asked, before the end, with Content Type {@code application/octet-stream}; nothing where nobody waits for an
     * answer. They are of use for some seconds and not kept on flash: who asked sees by the properties what is missing, and asks again.
     *
     * @param bytes 64 KiB at most
     * @param properties user properties that say what the bytes are
     */
    void data(byte[] bytes, Map<String, String> properties);
}

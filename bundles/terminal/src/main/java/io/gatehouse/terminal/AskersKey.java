package io.gatehouse.terminal;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.regex.Pattern;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.jspecify.annotations.Nullable;

/**
 * The key of whoever asked for a terminal.
 *
 * @param text as it was asked for, one line
 */
record AskersKey(String text, PublicKey key) {
    /** An Ed25519 key is 51 bytes, with its own type before it; then a comment. */
    private static final Pattern FORM =
            Pattern.compile("ssh-ed25519 [A-Za-z0-9+/]{68}( [^\\p{Cntrl}\\x{80}-\\x{9F}]{0,256})?");

    /** The argument {@code key}. */
    static AskersKey of(Members arguments) {
        String text = arguments.string("key");
        if (FORM.matcher(text).matches()) {
            try {
                String[] words = text.split(" ", 3);
                return new AskersKey(
                        text,
                        PublicKeyEntry.parsePublicKeyEntry(words[0] + " " + words[1])
                                .resolvePublicKey(null, null, PublicKeyEntryResolver.FAILING));
            } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
                throw wrong(arguments, text, e);
            }
        }
        throw wrong(arguments, text, null);
    }

    private static BadArgument wrong(Members arguments, String text, @Nullable Exception cause) {
        BadArgument wrong = arguments.wrong("key", text, "an Ed25519 key as in authorized_keys, ssh-ed25519 AAAA…");
        if (cause != null) {
            wrong.initCause(cause);
        }
        return wrong;
    }
}

package io.gatehouse.identity;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.enrollment.Token;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.framework.BundleContext;

/**
 * The launcher's settings, of which one that is blank is not set.
 *
 * @param properties each as it was given
 */
record Settings(Function<String, Optional<String>> properties) {
    private static final String TOKEN = "gatehouse.token";
    private static final String TOKEN_FILE = "gatehouse.token.file";
    private static final String STATE = "gatehouse.state";

    static Settings of(BundleContext context) {
        return new Settings(property -> Optional.ofNullable(context.getProperty(property)));
    }

    /** What one is set to, without blanks around it. */
    Optional<String> get(String property) {
        return properties.apply(property).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** Where the device keeps who it is. */
    Path folder() {
        return Path.of(get(STATE)
                        .orElseThrow(() -> new IllegalStateException(
                                "framework property " + STATE + " must name the folder for what outlives a power cut")))
                .resolve("identity");
    }

    /** Where a device without a certificate is let in to claim one, if that is another place than the usual. */
    Optional<String> claimBroker() {
        return get("gatehouse.claim.broker");
    }

    /**
     * The token that the device was given, if any.
     *
     * @throws IOException if it is none; without what was given
     */
    Optional<Token> token(IdentityFolder folder) throws IOException {
        Optional<String> text = get(TOKEN);
        if (text.isPresent()) {
            try {
                return text.map(Token::read);
            } catch (BadArgument e) {
                throw new IOException("framework property " + TOKEN + " is " + e.getMessage(), e);
            }
        }
        Optional<String> file = get(TOKEN_FILE);
        return file.isPresent() ? IdentityFolder.tokenIn(Path.of(file.get())) : folder.token();
    }
}

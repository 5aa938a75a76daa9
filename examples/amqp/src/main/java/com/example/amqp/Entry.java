package com.example.amqp;

import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.qpid.protonj2.engine.sasl.client.Mechanism;
import org.apache.qpid.protonj2.engine.sasl.client.SaslCredentialsProvider;
import org.apache.qpid.protonj2.engine.sasl.client.SaslMechanismSelector;
import org.apache.qpid.protonj2.types.Symbol;

/**
 * By which of the mechanisms that a broker offers one says who one is: by name where there is one, else by the certificate that TLS showed, and as nobody in
 * particular only where nothing else will do. ProtonJ2 alone would take what the broker names first.
 */
final class Entry extends SaslMechanismSelector {
    @Override
    public Mechanism select(Symbol[] offered, SaslCredentialsProvider credentials) {
        boolean isNamed = credentials.username() != null;
        Symbol[] bestFirst = Stream.of(offered)
                .sorted(Comparator.comparingInt(mechanism -> rank(mechanism.toString(), isNamed)))
                .toArray(Symbol[]::new);
        return super.select(bestFirst, credentials);
    }

    private static int rank(String mechanism, boolean isNamed) {
        return switch (mechanism) {
            case "ANONYMOUS" -> 2;
            case "EXTERNAL" -> isNamed ? 1 : 0;
            default -> isNamed ? 0 : 1;
        };
    }
}

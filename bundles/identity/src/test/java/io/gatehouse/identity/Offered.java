package io.gatehouse.identity;

import io.gatehouse.api.message.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.osgi.framework.Constants;

/** What is offered in a test, and how that went. */
final class Offered implements Services {
    /** {@code +} and {@code -} with what was offered and withdrawn, in order. */
    final List<String> story = new CopyOnWriteArrayList<>();

    private final List<Offer> offers = new CopyOnWriteArrayList<>();

    record Offer(Object service, Map<String, ?> properties, List<Class<?>> types) {
        private int ranking() {
            return (int) properties.get(Constants.SERVICE_RANKING);
        }
    }

    @Override
    public Runnable offer(Object service, Map<String, ?> properties, Class<?>... types) {
        Offer offer = new Offer(service, properties, List.of(types));
        offers.add(offer);
        story.add("+" + types[0].getSimpleName());
        return () -> {
            if (!offers.remove(offer)) {
                throw new IllegalStateException("withdrawn twice");
            }
            story.add("-" + types[0].getSimpleName());
        };
    }

    Optional<Offer> best(Class<?> type) {
        List<Offer> found = new ArrayList<>(offers);
        found.removeIf(offer -> !offer.types().contains(type));
        return found.stream().reduce((one, other) -> other.ranking() > one.ranking() ? other : one);
    }

    SSLContext tls() {
        return (SSLContext) best(SSLContext.class).orElseThrow().service();
    }

    Claiming claiming() {
        return (Claiming) best(Endpoint.class).orElseThrow().service();
    }

    int count() {
        return offers.size();
    }
}

package io.gatehouse.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;

/**
 * The folder {@code store} below the state folder, for the bundles that {@link BundleStore} serves. It is opened in the
 * background, so that the connection to the broker is being made meanwhile.
 */
@Component(service = FlashStore.class, configurationPid = "io.gatehouse.store")
public final class FlashStore {
    private static final System.Logger LOG = System.getLogger(FlashStore.class.getName());

    private final CompletableFuture<Depot> opening;

    /** The settings. */
    @interface Settings {
        /** How much of flash all takes together. */
        long bytes() default 16 << 20;

        /** How much one bundle may keep, where it has no share of its own. */
        long bundleBytes() default 1 << 20;

        /** What bundles may keep that have their own share, {@code <symbolic name>=<bytes>}: nobody else takes it. */
        String[] shares() default {"io.gatehouse.outbox=8388608", "io.gatehouse.dispatch=2097152"};

        /** After so many seconds at the latest a change is on flash; 0: each at once. */
        int seconds() default 10;
    }

    @Activate
    public FlashStore(BundleContext context, Settings settings) {
        Path folder = folder(context);
        Limits limits = limits(settings);
        Optional<Set<String>> kept = isReset(context) ? Optional.of(installed(context)) : Optional.empty();
        opening = CompletableFuture.supplyAsync(() -> {
            Depot depot = Depot.open(folder, limits, Later.ofJava(), new Random());
            kept.ifPresent(bundles -> keepOnly(bundles, depot));
            return depot;
        });
        if (kept.isPresent()) {
            depot(); // no later start does it again
        }
    }

    private static void keepOnly(Set<String> bundles, Depot depot) {
        depot.keepOnly(bundles);
        try {
            depot.sync();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "a power cut may bring back what bundles kept that are gone", e);
        }
    }

    @Modified
    void modified(Settings settings) {
        depot().limits(limits(settings));
    }

    @Deactivate
    void deactivate() {
        try {
            depot().close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "the latest changes did not get onto flash; they are lost", e);
        }
    }

    /** Waits until it is open. */
    Depot depot() {
        try {
            return opening.join();
        } catch (CompletionException e) {
            throw new IllegalStateException("the store could not be opened", e.getCause());
        }
    }

    /** Whether the device goes back to its image in this process: then what came over the air is not installed any more. */
    private static boolean isReset(BundleContext context) {
        return Boolean.parseBoolean(context.getProperty("gatehouse.reset"));
    }

    private static Set<String> installed(BundleContext context) {
        return Arrays.stream(context.getBundles())
                .map(Bundle::getSymbolicName)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static Limits limits(Settings settings) {
        return Limits.of(Shares.of(settings.bytes(), settings.bundleBytes(), settings.shares()), settings.seconds());
    }

    private static Path folder(BundleContext context) {
        String state = context.getProperty("gatehouse.state");
        if (state == null || state.isBlank()) {
            throw new IllegalStateException(
                    "framework property gatehouse.state must name the folder for what outlives a power cut: " + state);
        }
        return Path.of(state, "store");
    }
}

package io.gatehouse.store;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/** What one bundle keeps: whoever gets the service is given their own. */
@Component(service = Store.class, scope = ServiceScope.BUNDLE)
public final class BundleStore implements Store {
    private final Supplier<Depot> depot;
    private final String bundle;

    @Activate
    public BundleStore(@Reference FlashStore flash, ComponentContext context) {
        this(flash::depot, name(context.getUsingBundle()));
    }

    BundleStore(Depot depot, String bundle) {
        this(() -> depot, bundle);
    }

    private BundleStore(Supplier<Depot> depot, String bundle) {
        this.depot = depot;
        this.bundle = bundle;
    }

    @Override
    public Optional<byte[]> get(String key) throws IOException {
        return depot.get().get(bundle, key);
    }

    @Override
    public void put(String key, byte[] value) throws NoRoom {
        depot.get().put(bundle, key, value);
    }

    @Override
    public void remove(String key) {
        depot.get().remove(bundle, key);
    }

    @Override
    public Set<String> keys() {
        return depot.get().keys(bundle);
    }

    @Override
    public Line line(String name) {
        Depot open = depot.get();
        return new KeptLine(open, bundle, open.line(bundle, name));
    }

    @Override
    public void sync() throws IOException {
        depot.get().sync();
    }

    private static String name(Bundle bundle) {
        String name = bundle.getSymbolicName();
        if (name == null) {
            throw new IllegalStateException(bundle + " has no symbolic name to keep something under");
        }
        return name;
    }
}

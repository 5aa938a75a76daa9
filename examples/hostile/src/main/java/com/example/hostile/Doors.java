package com.example.hostile;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Says what is behind each door. */
@Component
@Publishes(topic = "hostile/doors", period = "PT1S")
public final class Doors implements Collector {
    static final String CLOSED = "closed";

    private final Packages packages = new Packages();
    private final Services services;
    private final Neighbours neighbours;
    private final Configurations configurations;
    private final Disguises disguises;

    @Activate
    public Doors(BundleContext context, @Reference Eavesdropper eavesdropper) {
        services = new Services(context);
        neighbours = new Neighbours(context);
        configurations = new Configurations(context, eavesdropper);
        disguises = new Disguises(context);
    }

    @Deactivate
    void close() {
        disguises.close();
        configurations.close();
        services.close();
    }

    @Override
    public Reading read() {
        return Reading.of("packages", packages.tried())
                .with("services", services.tried())
                .with("neighbours", neighbours.tried())
                .with("configurations", configurations.tried())
                .with("disguises", disguises.tried());
    }
}

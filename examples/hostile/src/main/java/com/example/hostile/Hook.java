package com.example.hostile;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Registers a hook by which no bundle could be resolved any more: of a factory the framework does not ask for its class. */
@Component(service = CommandHandler.class)
@Command("hostile.hook")
public final class Hook implements CommandHandler, ServiceFactory<Object> {
    private final BundleContext context;

    @Activate
    public Hook(BundleContext context) {
        this.context = context;
    }

    @Override
    public Outcome handle(Invocation invocation) {
        context.registerService("org.osgi.framework.hooks.resolver.ResolverHookFactory", this, null);
        return Outcome.done(Map.of());
    }

    @Override
    public Object getService(Bundle bundle, ServiceRegistration<Object> registration) {
        return this;
    }

    @Override
    public void ungetService(Bundle bundle, ServiceRegistration<Object> registration, Object service) {}
}

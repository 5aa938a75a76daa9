package io.gatehouse.testkit.gateway;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** What is behind {@link GatewayTest}; {@code @ExtendWith} takes it as well, for a gateway as usual. */
public final class GatewayExtension
        implements ParameterResolver, BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace.create(GatewayExtension.class);

    /** For JUnit. */
    public GatewayExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Gateway.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext.Store store = store(context);
        Gateway gateway = gateway(store);
        if (gateway == null) {
            gateway = start(context);
            store.put(Gateway.class, gateway);
        }
        return gateway;
    }

    private static Gateway start(ExtensionContext context) {
        try {
            Gateway gateway = Gateway.start(options(context));
            if (context.getTestMethod().isPresent()) {
                gateway.testBegins();
            }
            return gateway;
        } catch (NotApplied e) {
            throw new ParameterResolutionException("the gateway does not begin", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ParameterResolutionException("interrupted while the gateway was started", e);
        }
    }

    /** There is a gateway here already where this is a class within the one that it was started for. */
    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Gateway gateway = gateway(store(context));
        if (gateway != null) {
            gateway.classBegins();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        Gateway gateway = gateway(store(context));
        if (gateway != null) {
            gateway.testBegins();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Gateway own = store(context).remove(Gateway.class, Gateway.class);
        Gateway around = gateway(store(context));
        if (own != null) {
            own.close();
        } else if (around != null) {
            around.classEnds();
        }
    }

    private static Gateway.Options options(ExtensionContext context) {
        Optional<GatewayTest> asked =
                context.getTestClass().flatMap(type -> AnnotationSupport.findAnnotation(type, GatewayTest.class));
        return asked.map(one -> new Gateway.Options(
                        one.device(),
                        Optional.of(one.place()).filter(place -> !place.isEmpty()),
                        List.of(one.settings())))
                .orElse(Gateway.Options.USUAL);
    }

    private static @Nullable Gateway gateway(ExtensionContext.Store store) {
        return store.get(Gateway.class, Gateway.class);
    }

    /** Of the test class, whichever of its tests asks. */
    private static ExtensionContext.Store store(ExtensionContext context) {
        ExtensionContext ofClass = context;
        while (ofClass.getTestMethod().isPresent() && ofClass.getParent().isPresent()) {
            ofClass = ofClass.getParent().get();
        }
        return ofClass.getStore(OURS);
    }
}

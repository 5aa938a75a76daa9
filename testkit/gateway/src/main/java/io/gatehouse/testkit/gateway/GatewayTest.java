package io.gatehouse.testkit.gateway;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a {@link Gateway}, as a parameter of theirs, of {@code @BeforeAll} or of {@code @BeforeEach}. It is started when it is first asked
 * for. What one test changed the next does not find: what {@code @BeforeAll} installed, configured or granted is there again, and nothing else.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(GatewayExtension.class)
public @interface GatewayTest {
    /** The device's name, {@code <family>/<model>/<id>}. */
    String device() default "testkit/gateway/1";

    /** Where it stands, for example {@code world/asia/taiwan}; nowhere, where it is empty. */
    String place() default "";

    /** More settings of the gateway, each {@code NAME=VALUE} as behind {@code -D}: {@code gatehouse.log.level=DEBUG}. */
    String[] settings() default {};
}

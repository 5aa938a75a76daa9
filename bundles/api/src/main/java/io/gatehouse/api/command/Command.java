package io.gatehouse.api.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/** The command that a {@link CommandHandler} carries out: the service property {@code gatehouse.command}. */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Command {
    /** What the member's name begins with as a service property. */
    String PREFIX_ = "gatehouse.";

    /** The command's name, for example {@code ping} or {@code tunnel.open}. */
    String value();
}

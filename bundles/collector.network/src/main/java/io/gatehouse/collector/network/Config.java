package io.gatehouse.collector.network;

import org.osgi.service.component.annotations.ComponentPropertyType;

/** What every collector of this bundle can be told by a configuration of its name. */
@ComponentPropertyType
@interface Config {
    /** Whether the loopback interface is read too. */
    boolean loopback() default false;
}

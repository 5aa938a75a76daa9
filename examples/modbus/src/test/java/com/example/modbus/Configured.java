package com.example.modbus;

import java.lang.reflect.Proxy;
import java.util.Map;

/** Settings as Declarative Services hands them over: what a configuration says, and the defaults. */
final class Configured {
    private Configured() {}

    static ModbusDevice.Settings with(Map<String, ?> values) {
        return (ModbusDevice.Settings) Proxy.newProxyInstance(
                Configured.class.getClassLoader(),
                new Class<?>[] {ModbusDevice.Settings.class},
                (proxy, method, arguments) ->
                        values.containsKey(method.getName()) ? values.get(method.getName()) : method.getDefaultValue());
    }
}

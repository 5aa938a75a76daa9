package com.example.hostile;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Loads classes of packages that it has no business with. */
final class Packages {
    private static final List<String> CLASSES = List.of(
            "io.gatehouse.software.Software",
            "io.gatehouse.protocol.trust.Trust",
            "org.apache.felix.scr.info.ScrInfo",
            "org.osgi.framework.hooks.service.FindHook",
            "org.osgi.framework.wiring.FrameworkWiring",
            "org.osgi.service.resolver.Resolver");

    Map<String, String> tried() {
        Map<String, String> tried = new TreeMap<>();
        for (String name : CLASSES) {
            try {
                tried.put(name, "is " + Class.forName(name));
            } catch (ClassNotFoundException | LinkageError e) {
                tried.put(name, Doors.CLOSED);
            }
        }
        return tried;
    }
}

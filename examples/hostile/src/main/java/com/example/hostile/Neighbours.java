package com.example.hostile;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** Looks for other bundles, and brings one in that nobody signed. */
final class Neighbours {
    private final BundleContext context;
    private final String brought;

    Neighbours(BundleContext context) {
        this.context = context;
        this.brought = bring();
    }

    Map<String, String> tried() {
        Map<String, String> tried = new TreeMap<>();
        String others = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle != context.getBundle())
                .map(Bundle::getSymbolicName)
                .collect(Collectors.joining(","));
        tried.put("others", others.isEmpty() ? Doors.CLOSED : others);
        tried.put("framework", context.getBundle(0) == null ? Doors.CLOSED : "is " + context.getBundle(0));
        tried.put("brought", brought);
        return tried;
    }

    private String bring() {
        try {
            Bundle bundle = context.installBundle("brought", new ByteArrayInputStream(jar()));
            bundle.start();
            return "runs as " + bundle;
        } catch (BundleException | IOException | IllegalStateException e) {
            return Doors.CLOSED; // it cannot be resolved, or is gone already
        }
    }

    private static byte[] jar() throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "com.example.brought");
        headers.putValue("Import-Package", "org.osgi.framework");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return bytes.toByteArray();
    }
}

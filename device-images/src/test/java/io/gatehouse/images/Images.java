package io.gatehouse.images;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/** The images for all tests, each made once, when the first test asks for it. */
final class Images implements ParameterResolver {
    private final Map<String, Image> made = new HashMap<>();

    /** Those that could not be made for want of packages, which would be asked for in vain for each test. */
    private final Map<String, TestAbortedException> lacking = new HashMap<>();

    /** This image; tests do not change what is in its folder. Skips the test where it cannot be made on this machine. */
    synchronized Image get(String name) throws IOException, InterruptedException {
        Ran.assumePrograms("image " + name, "jq");
        if (!name.equals("openwrt")) {
            Ran.assumePrograms("image " + name, "dpkg-deb");
        }
        if (!name.equals("openwrt") && !name.equals("deb")) {
            assumeTrue(
                    Files.isExecutable(Path.of("/usr/bin/apt-get")),
                    () -> "skipped: image " + name + " is not tried, because there is no apt-get");
            Ran.assumePrograms("image " + name, "readelf", "flock");
        }
        if (name.startsWith("router")) {
            for (String line : Files.readAllLines(Path.of("router/needs"))) {
                Ran.assumePrograms("image " + name, line.substring(0, line.indexOf(' ')));
            }
        }
        if (lacking.containsKey(name)) {
            throw lacking.get(name);
        }
        Image image = made.get(name);
        if (image == null) {
            image = make(name);
            made.put(name, image);
        }
        return image;
    }

    private Image make(String name) throws IOException, InterruptedException {
        try {
            return Image.make(name, Path.of("target/test-images", name).toAbsolutePath());
        } catch (TestAbortedException e) {
            lacking.put(name, e);
            throw e;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Images.class;
    }

    @Override
    public Images resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(Images.class))
                .getOrComputeIfAbsent(Images.class, key -> this, Images.class);
    }
}

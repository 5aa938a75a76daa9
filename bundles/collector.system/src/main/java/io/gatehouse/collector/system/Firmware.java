package io.gatehouse.collector.system;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** What the machine is, and the versions of what it runs beneath the gateway. */
@Component
@Publishes(topic = "firmware/version", period = "PT1H", onChange = true)
public final class Firmware implements Collector {
    private final Path root;

    @Activate
    public Firmware() {
        this(Path.of("/"));
    }

    Firmware(Path root) {
        this.root = root;
    }

    @Override
    public Reading read() {
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, Object> system = system();
        if (!system.isEmpty()) {
            values.put("os", system);
        }
        Map<String, Object> openwrt = openwrt();
        if (!openwrt.isEmpty()) {
            values.put("openwrt", openwrt);
        }
        text("proc/sys/kernel/osrelease").ifPresent(release -> values.put("kernel", release));
        values.put("machine", text("proc/sys/kernel/arch").orElse(System.getProperty("os.arch", "unknown")));
        text("tmp/sysinfo/model")
                .or(() -> text("proc/device-tree/model"))
                .or(() -> text("sys/class/dmi/id/product_name"))
                .ifPresent(model -> values.put("model", model));
        values.put("java", Runtime.version().toString());
        return Reading.of(values);
    }

    private Map<String, Object> system() {
        Map<String, String> found = assignments("etc/os-release");
        if (found.isEmpty()) {
            found = assignments("usr/lib/os-release");
        }
        Map<String, Object> system = new LinkedHashMap<>();
        copy(found, "ID", system, "id");
        copy(found, "NAME", system, "name");
        copy(found, "VERSION_ID", system, "version");
        copy(found, "BUILD_ID", system, "build");
        return system;
    }

    private Map<String, Object> openwrt() {
        Map<String, String> found = assignments("etc/openwrt_release");
        Map<String, Object> openwrt = new LinkedHashMap<>();
        copy(found, "DISTRIB_ID", openwrt, "id");
        copy(found, "DISTRIB_RELEASE", openwrt, "release");
        copy(found, "DISTRIB_REVISION", openwrt, "revision");
        copy(found, "DISTRIB_TARGET", openwrt, "target");
        copy(found, "DISTRIB_ARCH", openwrt, "arch");
        return openwrt;
    }

    private static void copy(Map<String, String> from, String key, Map<String, Object> to, String name) {
        String value = from.get(key);
        if (value != null && !value.isEmpty()) {
            to.put(name, value);
        }
    }

    /** Lines of the form {@code NAME="value"}, quoted or not, as a shell would read them. */
    private Map<String, String> assignments(String file) {
        Map<String, String> found = new HashMap<>();
        StringTokenizer lines = new StringTokenizer(text(file).orElse(""), "\n");
        while (lines.hasMoreTokens()) {
            String line = lines.nextToken().strip();
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                found.put(line.substring(0, equals), unquoted(line.substring(equals + 1)));
            }
        }
        return found;
    }

    private static String unquoted(String value) {
        int last = value.length() - 1;
        boolean isQuoted = last > 0
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(last) == value.charAt(0);
        return isQuoted ? value.substring(1, last) : value;
    }

    /** A small file, where it is there and can be read; the kernel ends some with a zero byte. */
    private Optional<String> text(String file) {
        try {
            String text = new String(Files.readAllBytes(root.resolve(file)), StandardCharsets.UTF_8)
                    .replace("\0", "")
                    .strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}

package io.gatehouse.dispatch;

import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether this gateway is there, as it says itself and as its will says.
 *
 * @param runtime the version of this software
 * @param firmware the version of what lies below, where it is known
 */
record Status(Device device, String runtime, Optional<String> firmware, Clock clock) {
    Message online() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", "online");
        body.put("at", Times.format(clock.instant()));
        body.put("boot", device.boot());
        device.place().ifPresent(place -> body.put("place", place));
        body.put("runtime", runtime);
        firmware.ifPresent(version -> body.put("firmware", version));
        return message(body);
    }

    Message will() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", "offline");
        body.put("reason", "connection lost");
        return message(body);
    }

    /** The version that an {@code os-release} file names. */
    static Optional<String> osVersion(Path osRelease) {
        try {
            return Files.readAllLines(osRelease).stream()
                    .filter(line -> line.startsWith("VERSION_ID="))
                    .map(line -> line.substring("VERSION_ID=".length())
                            .replace("\"", "")
                            .replace("'", "")
                            .strip())
                    .filter(version -> !version.isEmpty())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // a system without one has no version to tell
        }
    }

    private Message message(Map<String, Object> body) {
        return Message.json(device.name() + "/status", Json.write(body))
                .retained()
                .with("device", device.name())
                .with("boot", device.boot());
    }
}

package io.gatehouse.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Something that runs as a process of its own and publishes as a device.
 *
 * @param name for people
 * @param device in whose name it publishes
 * @param log where its output goes
 */
record Program(String name, String device, List<String> command, Map<String, String> environment, Path log) {
    Running start() throws IOException {
        return Running.start(command, environment, log);
    }
}

package io.gatehouse.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Moquette, with its sessions in memory: 0.18.3 cannot read back what it writes to disk of messages with properties. It then
 * does not start, or goes silent at the first one with Correlation Data that waited. Left as it comes, it takes packets of 8 KiB.
 */
public final class Moquette extends BrokerProcess {
    private static final JarPath JARS = JarPath.of("moquette");

    private final Path directory;

    public Moquette(Path directory) throws IOException {
        this.directory = directory;
    }

    static String version() {
        return JARS.version("moquette-broker");
    }

    @Override
    public void forget() throws IOException {
        empty(directory);
    }

    @Override
    protected Child launch() throws IOException {
        Path config = Files.createDirectories(directory.resolve("config"));
        Files.write(
                config.resolve("moquette.conf"),
                List.of(
                        "port " + port(),
                        "host 127.0.0.1",
                        "allow_anonymous true",
                        "persistence_enabled false",
                        "netty.mqtt.message_size 2097152",
                        "telemetry_enabled false"));
        Path log = Files.write(
                config.resolve("log4j.properties"),
                List.of(
                        "log4j.rootLogger=WARN, out",
                        "log4j.appender.out=org.apache.log4j.ConsoleAppender",
                        "log4j.appender.out.layout=org.apache.log4j.PatternLayout",
                        "log4j.appender.out.layout.ConversionPattern=%d %p %c %t %m%n"));
        return Child.java(
                JARS.toString(),
                List.of("-Dmoquette.path=" + directory, "-Dlog4j.configuration=" + log.toUri()),
                "io.moquette.broker.Server",
                List.of());
    }
}

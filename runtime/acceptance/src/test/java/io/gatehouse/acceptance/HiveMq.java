package io.gatehouse.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HiveMQ Community Edition, with its sessions in a directory. Left as it comes, it grants 10 messages at a time and queues 1000. */
public final class HiveMq extends BrokerProcess {
    private static final JarPath JARS = JarPath.of("hivemq");

    private final Path directory;

    public HiveMq(Path directory) throws IOException {
        this.directory = directory;
    }

    static String version() {
        return JARS.version("hivemq-community-edition-embedded");
    }

    @Override
    public void forget() throws IOException {
        empty(directory);
    }

    @Override
    protected Child launch() throws IOException {
        Path conf = Files.createDirectories(directory.resolve("conf"));
        for (String folder : List.of("data", "log", "extensions")) {
            Files.createDirectories(directory.resolve(folder));
        }
        Files.writeString(conf.resolve("config.xml"), """
                <?xml version="1.0"?>
                <hivemq>
                  <listeners>
                    <tcp-listener><port>%d</port><bind-address>127.0.0.1</bind-address></tcp-listener>
                  </listeners>
                  <mqtt>
                    <queued-messages><max-queue-size>100000</max-queue-size></queued-messages>
                    <receive-maximum><server-receive-maximum>1000</server-receive-maximum></receive-maximum>
                  </mqtt>
                  <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
                </hivemq>
                """.formatted(port()));
        return Child.java(
                JARS.and(Path.of("target/test-classes")).toString(),
                List.of("-Dhivemq.home=" + directory),
                OpenHiveMq.class.getName(),
                List.of());
    }
}

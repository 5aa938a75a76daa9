package io.gatehouse.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.fleet.KeyFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The command as a process of its own, which is told to end while a token signs. */
final class SignalledIssueTest extends WithIssuer {
    /** What stands before the 32 bytes of a public key (RFC 8410), which are whole letters of base64. */
    private static final String ED25519 = "MCowBQYDK2VwAyEA";

    @Test
    void leavesNothingBehindWhenItIsToldToEndWhileATokenSigns() throws Exception {
        Path temporary = Files.createDirectory(file("temporary"));
        Path signs = file("signs");
        token(signs);
        Files.writeString(file("devices.csv"), "device\ndwr/311-a1/7\n");
        Process process = start(temporary);
        try {
            await().atMost(Duration.ofSeconds(60))
                    .failFast(() -> !process.isAlive())
                    .until(() -> Files.exists(signs));
            process.destroy(); // SIGTERM
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        } finally {
            process.destroyForcibly();
        }
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(
                    List.of(),
                    left.filter(one -> one.getFileName().toString().startsWith("gatehouse"))
                            .toList(),
                    () -> text("said"));
        }
    }

    private Process start(Path temporary) throws IOException {
        String uri = "pkcs11:token=vault;object=acme?module-path=" + file("token");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Gatehouse.class.getName(),
                "license",
                "issue",
                "--issuer",
                "acme",
                "--feature",
                "rain",
                "--pkcs11",
                uri,
                "--csv",
                file("devices.csv").toString(),
                "--out",
                file("out").toString());
        builder.environment().put("GATEHOUSE_PIN", "4711");
        builder.environment().merge("PATH", folder.toString(), (path, own) -> own + File.pathSeparator + path);
        return builder.redirectErrorStream(true)
                .redirectOutput(file("said").toFile())
                .start();
    }

    /** A program that shows a key as a token's does, and signs for ever. */
    private void token(Path signs) throws Exception {
        String x = String.valueOf(KeyFile.read(file("acme.key")).jwk().write().get("x"));
        String key = ED25519 + x.replace('-', '+').replace('_', '/') + "=";
        Files.writeString(file("key.pem"), "-----BEGIN PUBLIC KEY-----\n" + key + "\n-----END PUBLIC KEY-----\n");
        Files.writeString(file("token"), "");
        Path program = Files.writeString(file("pkcs11-tool"), """
                #!/bin/sh
                case "$*" in
                    *--list-objects*) printf 'Public Key Object; EC\\n  label:      acme\\n  ID:         01\\n' ;;
                    *--read-object*) while [ "$1" != --output-file ]; do shift; done; cat "%s" >"$2" ;;
                    *) touch "%s"; exec sleep 600 ;;
                esac
                """.formatted(file("key.pem"), signs));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }
}

package io.gatehouse.cli.license;

import io.gatehouse.cli.screen.Plain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * OpenSC's {@code pkcs11-tool}, which speaks to tokens. Java's own provider for them knows no Ed25519.
 *
 * @param program its name, or where it is
 */
record Pkcs11Tool(String program) {
    /** As the search path has it. */
    static final Pkcs11Tool INSTALLED = new Pkcs11Tool("pkcs11-tool");

    /** A person may have to touch the token. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int MOST_WORDS = 300;

    /**
     * Runs it, with two files in a folder of its own.
     *
     * @param input what the file {@code in} holds, which it finds there
     * @param environment what it is told beside its arguments, and nobody else sees
     * @return what it said, and what the file {@code out} holds at its end
     * @throws IOException if it is not there, does not end or fails; the message says what helps
     */
    Result run(byte[] input, Map<String, String> environment, List<String> arguments) throws IOException {
        Path folder = Files.createTempDirectory("gatehouse");
        Path in = folder.resolve("in");
        Path out = folder.resolve("out");
        Path said = folder.resolve("said");
        try {
            Files.write(in, input);
            List<String> command = new ArrayList<>(List.of(program));
            command.addAll(arguments);
            command.addAll(List.of("--output-file", out.toString(), "--input-file", in.toString()));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            builder.environment().putAll(environment);
            end(start(builder), said);
            return new Result(
                    Files.readString(said, StandardCharsets.ISO_8859_1),
                    Files.exists(out) ? Files.readAllBytes(out) : new byte[0]);
        } finally {
            for (Path file : List.of(in, out, said, folder)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** What came of a run. */
    static final class Result {
        private final String said;
        private final byte[] wrote;

        private Result(String said, byte[] wrote) {
            this.said = said;
            this.wrote = wrote;
        }

        /** To whoever ran it. */
        String said() {
            return said;
        }

        /** To the file {@code out}. */
        byte[] wrote() {
            return wrote.clone();
        }
    }

    private Process start(ProcessBuilder builder) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException(
                    program
                            + " is missing, by which keys on tokens sign: it comes with OpenSC (apt-get install opensc)",
                    e);
        }
    }

    private void end(Process process, Path said) throws IOException {
        try {
            boolean ended = process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                throw new IOException(program + " did not end within " + LONGEST.toSeconds() + " s: " + words(said));
            }
            if (process.exitValue() != 0) {
                throw new IOException(program + " failed: " + words(said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the token was asked to sign", e);
        } finally {
            // until it is gone it may write into the folder that is to be deleted
            process.destroyForcibly().onExit().join();
        }
    }

    private static String words(Path said) throws IOException {
        String words =
                Plain.safe(Files.readString(said, StandardCharsets.ISO_8859_1).strip());
        return words.length() <= MOST_WORDS ? words : words.substring(0, MOST_WORDS) + "…";
    }
}

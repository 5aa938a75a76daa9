package io.gatehouse.cli.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.WholeFile;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Revocations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Tokens in files, one in each; {@code -} is standard input. */
public final class TokenFile {
    private static final Path STANDARD_INPUT = Path.of("-");

    private TokenFile() {}

    /**
     * The text of one, as it is.
     *
     * @throws Trouble if there is none, or it is too long to be a token
     */
    public static String text(Path file, InputStream in) throws Trouble {
        try (InputStream bytes = file.equals(STANDARD_INPUT) ? in : Files.newInputStream(file)) {
            byte[] read = bytes.readNBytes(2 * Revocations.TYPE.longest());
            return new String(read, StandardCharsets.ISO_8859_1).strip();
        } catch (NoSuchFileException e) {
            throw new Trouble(Trouble.Kind.USAGE, "no such file: " + file, e);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a license.
     *
     * @throws Trouble if there is none
     */
    public static Token<License> license(Path file, InputStream in) throws Trouble {
        String text = text(file, in);
        try {
            return Token.license(text);
        } catch (BadArgument e) {
            throw new Trouble(Trouble.Kind.USAGE, file + " is no license: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a revocation list.
     *
     * @throws Trouble if there is none
     */
    public static Token<Revocations> revocations(Path file) throws Trouble {
        String text = text(file, InputStream.nullInputStream());
        try {
            return Token.revocations(text);
        } catch (BadArgument e) {
            throw new Trouble(Trouble.Kind.USAGE, file + " is no revocation list: " + e.getMessage(), e);
        }
    }

    /**
     * Writes one, whole or not at all, with a line end behind it.
     *
     * @throws Trouble if it cannot be written
     */
    public static void write(Path file, String token) throws Trouble {
        try {
            WholeFile.at(file).write((token + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "no such folder: " + file.toAbsolutePath().getParent(),
                    e);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}

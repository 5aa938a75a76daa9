package io.gatehouse.cli.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.WholeFile;
import io.gatehouse.protocol.trust.TrustDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A trust document in a file of its own, one key or vendor a line, so that a person and {@code diff} can read it. */
public final class TrustFile {
    private TrustFile() {}

    /**
     * Reads a document.
     *
     * @throws Trouble if it is not there or is none
     */
    public static TrustDocument read(Path file) throws Trouble {
        try {
            return TrustDocument.read(Json.readStrict(Files.readAllBytes(file)));
        } catch (BadArgument e) {
            throw new Trouble(Trouble.Kind.USAGE, file + " is no trust document: " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE, "no such trust document: " + file + "; gatehouse trust new makes one", e);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes a document, whole or not at all.
     *
     * @throws Trouble if a device would refuse it whoever signed it, or it cannot be written
     */
    public static void write(Path file, TrustDocument document) throws Trouble {
        try {
            TrustDocument.read(Members.of(document.write()));
            WholeFile.at(file).write(text(document).getBytes(UTF_8));
        } catch (BadArgument e) {
            throw new Trouble(Trouble.Kind.USAGE, "that would be no trust document: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static String text(TrustDocument document) {
        Members members = Members.of(document.write());
        String relays = document.relays().isEmpty() ? "" : ",\n \"relays\":[" + lines(members.objects("relays")) + "]";
        return "{\"version\":" + document.version() + ",\n \"keys\":[" + lines(members.objects("keys"))
                + "],\n \"vendors\":[" + lines(members.objects("vendors")) + "]" + relays + "}\n";
    }

    private static String lines(List<Members> objects) {
        return objects.stream()
                .map(object -> "\n  " + new String(Json.write(object.values()), UTF_8))
                .collect(Collectors.joining(","));
    }
}

package io.gatehouse.tasks.files;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Fetches an artifact and makes a file of it, where that may be written: the whole of it, or none. */
@Component(configurationPid = "io.gatehouse.tasks")
@Command("file.put")
public final class FilePut implements CommandHandler {
    private static final Pattern MODE = Pattern.compile("0[0-7]{3}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final Permission permission;
    private final long most;
    private final Artifacts artifacts;

    /** What can be configured. */
    @interface Settings {
        /** The folders within which files may be written by command. */
        String[] writeFolders() default {};

        /** The size of a file that is read or written by command, at most. */
        long fileBytes() default 16 << 20;
    }

    /**
     * What is wanted.
     *
     * @param mode nothing for that of the file that is replaced, or 0644 where there is none
     */
    private record Wish(Path path, Artifact artifact, Optional<Set<PosixFilePermission>> mode) {}

    @Activate
    public FilePut(Settings settings, @Reference Artifacts artifacts) {
        this(Permission.of("writeFolders", settings.writeFolders()), settings.fileBytes(), artifacts);
    }

    FilePut(Permission permission, long most, Artifacts artifacts) {
        this.permission = permission;
        this.most = most;
        this.artifacts = artifacts;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Members arguments = invocation.arguments();
        Wish wish = new Wish(Permission.path(arguments), artifact(arguments), mode(arguments));
        if (wish.artifact().size() > most) {
            return Outcome.refused(
                    "too-large",
                    wish.artifact().size() + " bytes are more than " + most
                            + "; configuration io.gatehouse.tasks: fileBytes");
        }
        Artifacts.Hold hold = artifacts.hold(Set.of(wish.artifact().sha256()));
        try {
            find(wish.path()).close(); // before anything is fetched
            Path bytes = artifacts.fetch(
                    wish.artifact(),
                    (fetched, size) -> invocation.progress(
                            0.9 * fetched / Math.max(1, size), fetched + " of " + size + " bytes are here"));
            return put(wish, bytes);
        } catch (NotPermitted e) {
            return e.refusal();
        } catch (ArtifactUnavailable e) {
            return Outcome.failed(e.type(), String.valueOf(e.getMessage()));
        } catch (ClosedByInterruptException e) {
            throw Interrupts.of(e);
        } finally {
            hold.close();
        }
    }

    private Outcome put(Wish wish, Path bytes) throws IOException, NotPermitted {
        long size = Files.size(bytes);
        if (size != wish.artifact().size()) {
            return Outcome.failed(
                    "wrong-size",
                    wish.artifact().sha256() + " has " + size + " bytes, not "
                            + wish.artifact().size());
        }
        try (Place place = find(wish.path())) {
            Optional<PosixFileAttributes> old = place.attributes();
            Set<PosixFilePermission> mode = wish.mode()
                    .or(() -> old.map(PosixFileAttributes::permissions))
                    .orElseGet(() -> permissions("0644"));
            new Replacement(place, old, mode).with(bytes);
            return Outcome.done(Map.of("path", wish.path().toString(), "size", size, "replaced", old.isPresent()));
        }
    }

    /** The place for it, where what is there may be replaced. */
    private Place find(Path path) throws IOException, NotPermitted {
        Path parent = path.getParent();
        Place place;
        try {
            place = Place.open(permission, parent == null ? path : parent.toRealPath(), path.getFileName());
        } catch (FileSystemException e) {
            throw permission.missing(parent == null ? path : parent, e);
        }
        try {
            Optional<PosixFileAttributes> old = place.attributes();
            if (old.isPresent() && !old.get().isRegularFile()) {
                String what = old.get().isSymbolicLink()
                        ? " is a link; name the file that it leads to"
                        : " is no regular file";
                throw new NotPermitted("not-a-file", path + what);
            }
            return place;
        } catch (IOException | NotPermitted e) {
            place.close();
            throw e;
        }
    }

    private static Artifact artifact(Members arguments) {
        String sha256 = arguments.string("sha256");
        if (!SHA256.matcher(sha256).matches()) {
            throw arguments.wrong("sha256", sha256, "64 lower-case hex digits");
        }
        long size = arguments.integer("size", 0, Long.MAX_VALUE);
        return new Artifact(
                new Sha256(sha256), size, arguments.optionalString("url").map(url -> url(arguments, url)));
    }

    private static URI url(Members arguments, String url) {
        try {
            URI uri = URI.create(url);
            if ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw arguments.wrong("url", url, "an https URL");
        }
        throw arguments.wrong("url", url, "an https URL");
    }

    private static Optional<Set<PosixFilePermission>> mode(Members arguments) {
        return arguments.optionalString("mode").map(mode -> {
            if (!MODE.matcher(mode).matches()) {
                throw arguments.wrong("mode", mode, "four octal digits of which the first is 0, such as 0644");
            }
            return permissions(mode);
        });
    }

    private static Set<PosixFilePermission> permissions(String mode) {
        int bits = Integer.parseInt(mode, 8);
        StringBuilder words = new StringBuilder("rwxrwxrwx");
        for (int at = 0; at < words.length(); at++) {
            if ((bits & (0400 >> at)) == 0) {
                words.setCharAt(at, '-');
            }
        }
        return PosixFilePermissions.fromString(words.toString());
    }
}

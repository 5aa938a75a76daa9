package io.gatehouse.tasks.files;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.tasks.time.Instants;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Makes an artifact of a file, where that may be read; its bytes are then read by {@code artifact.read}. */
@Component(configurationPid = "io.gatehouse.tasks")
@Command("file.get")
public final class FileGet implements CommandHandler {
    private static final Duration LIFE = Duration.ofDays(1);

    private final Permission permission;
    private final long most;
    private final Artifacts artifacts;

    /** What can be configured. */
    @interface Settings {
        /** The folders within which files may be read by command. */
        String[] readFolders() default {};

        /** The size of a file that is read or written by command, at most. */
        long fileBytes() default 16 << 20;
    }

    @Activate
    public FileGet(Settings settings, @Reference Artifacts artifacts) {
        this(Permission.of("readFolders", settings.readFolders()), settings.fileBytes(), artifacts);
    }

    FileGet(Permission permission, long most, Artifacts artifacts) {
        this.permission = permission;
        this.most = most;
        this.artifacts = artifacts;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Path path = Permission.path(invocation.arguments());
        try (Place place = find(path)) {
            Optional<PosixFileAttributes> there = place.attributes();
            if (there.isEmpty()) {
                throw permission.missing(path, new NoSuchFileException(path.toString()));
            }
            if (!there.get().isRegularFile()) {
                throw new NotPermitted("not-a-file", path + " is no regular file");
            }
            return get(path, place, there.get().lastModifiedTime().toInstant());
        } catch (NotPermitted e) {
            return e.refusal();
        } catch (ClosedByInterruptException e) {
            throw Interrupts.of(e);
        }
    }

    private Place find(Path path) throws IOException, NotPermitted {
        Path real;
        try {
            real = path.toRealPath();
        } catch (FileSystemException e) {
            throw permission.missing(path, e);
        }
        Path parent = real.getParent();
        if (parent == null) {
            throw new NotPermitted("not-a-file", path + " is no regular file");
        }
        permission.folderOf(real);
        return Place.open(permission, parent, real.getFileName());
    }

    private Outcome get(Path path, Place place, Instant modified) throws IOException, NotPermitted {
        try (Artifacts.Draft draft = artifacts.draft()) {
            copy(path, place, draft);
            Artifact artifact = draft.keep(LIFE);
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("path", path.toString());
            result.put("artifact", Map.of("sha256", artifact.sha256().hex(), "size", artifact.size()));
            result.put("modified", Instants.text(modified));
            return Outcome.done(result);
        }
    }

    /** By what is read, not by the size that it says it has: files of the kernel say that they have none. */
    private void copy(Path path, Place place, Artifacts.Draft draft) throws IOException, NotPermitted {
        long room = Math.min(most, draft.limit());
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        try (SeekableByteChannel from = place.folder()
                        .newByteChannel(place.name(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                OutputStream to = Files.newOutputStream(draft.file())) {
            while (from.read(buffer) >= 0) {
                room -= buffer.position();
                if (room < 0) {
                    throw new NotPermitted(
                            "too-large",
                            path + " is larger than " + Math.min(most, draft.limit())
                                    + " bytes; configuration io.gatehouse.tasks: fileBytes, io.gatehouse.artifacts");
                }
                to.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        }
    }
}

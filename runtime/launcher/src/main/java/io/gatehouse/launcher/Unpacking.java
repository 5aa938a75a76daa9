package io.gatehouse.launcher;

import io.gatehouse.software.Part;
import io.gatehouse.software.SlotRefused;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Makes a slot of an archive: all of it, or nothing that bears the slot's name. */
final class Unpacking {
    /** All files together, unpacked. A runtime with a Java of its own has about 60 MB. */
    static final long MOST_BYTES = 512L << 20;

    static final int MOST_ENTRIES = 10_000;

    private static final long RESERVE = 4 << 20;
    private static final String BAD = "bad-archive";
    private static final Pattern NAME =
            Pattern.compile("(bin|lib|bundles|conf|java)(/(?!\\.{1,2}(/|$))[^/\\\\\\x00-\\x1f]{1,255})*/?");

    /** What a zip's modes would say, had every tool that makes one put them in. */
    private static final Pattern PROGRAM = Pattern.compile("bin/[^/]+|java/bin/[^/]+|java/lib/(jspawnhelper|jexec)");

    private final Path archive;
    private final Path folder;
    private final String name;

    /**
     * Prepares.
     *
     * @param folder where the slot comes to lie
     * @param name what it is called there
     */
    Unpacking(Path archive, Path folder, String name) {
        this.archive = archive;
        this.folder = folder;
        this.name = name;
    }

    /** Unpacks. What was there by that name before gives way. */
    void unpack() throws SlotRefused, IOException {
        Path part = folder.resolve(name + ".part");
        Path slot = folder.resolve(name);
        List<ZipDirectory.Entry> entries = checked();
        Files.createDirectories(folder);
        Trees.delete(part);
        refuseWithoutRoom(entries);
        try {
            copy(entries, part);
            verify(part);
            Trees.syncFolders(part);
            Trees.delete(slot);
            Files.move(part, slot, StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } finally {
            Trees.delete(part);
        }
    }

    private List<ZipDirectory.Entry> checked() throws SlotRefused, IOException {
        List<ZipDirectory.Entry> entries;
        try {
            entries = ZipDirectory.read(archive);
        } catch (ZipException e) {
            throw new SlotRefused(BAD, "the archive is no zip that can be read: " + e.getMessage());
        }
        Set<String> names = new HashSet<>();
        long bytes = 0;
        for (ZipDirectory.Entry entry : entries) {
            refuse(entry, names);
            bytes += entry.size();
        }
        if (entries.size() > MOST_ENTRIES || bytes > MOST_BYTES) {
            throw new SlotRefused(
                    BAD,
                    "the archive has " + entries.size() + " entries of " + bytes + " bytes together; at most "
                            + MOST_ENTRIES + " and " + MOST_BYTES + " are unpacked");
        }
        if (!names.contains("conf/factory.json")
                || names.stream().noneMatch(name -> name.startsWith("lib/") && name.endsWith(".jar"))) {
            throw new SlotRefused(
                    BAD,
                    "the archive has no conf/factory.json, or no jar in lib: it must hold bin, lib, bundles and conf as"
                            + " the gateway's build makes them, not a folder around them");
        }
        return entries;
    }

    private static void refuse(ZipDirectory.Entry entry, Set<String> names) throws SlotRefused {
        if (!NAME.matcher(entry.name()).matches()) {
            throw new SlotRefused(
                    BAD,
                    "the archive has the entry \"" + shown(entry) + "\", which lies in none of bin, lib, bundles,"
                            + " conf and java, or would lead out of them");
        }
        if (entry.isSpecial()) {
            throw new SlotRefused(
                    BAD, "the archive's entry \"" + shown(entry) + "\" is a link or a device; zip what it leads to");
        }
        if (!names.add(entry.name().replaceFirst("/$", ""))) {
            throw new SlotRefused(BAD, "the archive has two entries \"" + shown(entry) + "\"");
        }
    }

    private static String shown(ZipDirectory.Entry entry) {
        String name = entry.name().replaceAll("\\p{Cntrl}", "?");
        return name.length() > 200 ? name.substring(0, 200) + "…" : name;
    }

    private void refuseWithoutRoom(List<ZipDirectory.Entry> entries) throws SlotRefused {
        long needed = entries.stream().mapToLong(ZipDirectory.Entry::size).sum() + RESERVE;
        // not by its FileStore, which is looked for among the mounts and need not be there
        long room = folder.toFile().getUsableSpace();
        if (room < needed) {
            throw new SlotRefused(
                    "no-room", "the runtime needs " + needed + " bytes in " + folder + ", and there are " + room);
        }
    }

    private void copy(List<ZipDirectory.Entry> entries, Path part) throws SlotRefused, IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipDirectory.Entry entry : entries) {
                ZipEntry same = zip.getEntry(entry.name());
                if (same == null || same.getSize() != entry.size()) {
                    throw new ZipException("\"" + shown(entry) + "\" is not what its directory says");
                }
                Path file = part.resolve(entry.name());
                if (same.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.resolveSibling(""));
                    write(zip, same, file);
                }
            }
        } catch (ZipException | EOFException e) {
            throw new SlotRefused(BAD, "the archive cannot be unpacked: " + e.getMessage());
        } catch (FileAlreadyExistsException e) {
            throw new SlotRefused(BAD, "the archive has a file and a folder of one name: " + e.getMessage());
        }
    }

    private static void write(ZipFile zip, ZipEntry entry, Path file) throws IOException {
        byte[] buffer = new byte[1 << 14];
        long left = entry.getSize();
        try (InputStream in = zip.getInputStream(entry);
                FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                left -= read;
                if (left < 0) {
                    break;
                }
                for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read); bytes.hasRemaining(); ) {
                    out.write(bytes);
                }
            }
            out.force(true);
        }
        if (left != 0) {
            throw new ZipException("\"" + entry.getName() + "\" has other than its " + entry.getSize() + " bytes");
        }
        if (PROGRAM.matcher(entry.getName()).matches()) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** A slot is started by what its factory.json says, so all of that must be there. */
    private static void verify(Path part) throws SlotRefused, IOException {
        try {
            Image image = Image.read(part);
            for (Part bundle : image.parts()) {
                Path jar = image.jar(bundle.sha256()).orElseThrow().normalize();
                if (!jar.startsWith(part)
                        || !Files.isRegularFile(jar)
                        || !Digests.sha256(jar).equals(bundle.sha256())) {
                    throw new SlotRefused(
                            BAD,
                            "the archive's conf/factory.json names " + bundle.symbolicName() + " " + bundle.version()
                                    + ", which it has not: seal it anew");
                }
            }
        } catch (Misuse e) {
            throw new SlotRefused(BAD, "the archive's conf/factory.json will not do: " + Causes.of(e));
        }
    }
}

package io.gatehouse.cli.dev;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A plug-in's project, laid out as Maven has it.
 *
 * @param folder absolute
 */
public record Project(Path folder) {
    /** What editors leave beside a file for a moment, or to look back at. */
    private static final Pattern TEMPORARY =
            Pattern.compile("\\..*|#.*#|.*~|.*\\.(?:tmp|swp|swx|bak|orig|part)|4913|.*___jb_(?:tmp|old)___");

    /**
     * The project in a folder.
     *
     * @param needsMaven whether Maven is to build it
     * @throws Trouble if there is none
     */
    public static Project at(Path folder, boolean needsMaven) throws Trouble {
        if (!Files.isDirectory(folder)) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "no such folder: " + folder + "; ./dev new-plugin makes a project to begin with");
        }
        if (needsMaven && !Files.isRegularFile(folder.resolve("pom.xml"))) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "no pom.xml in " + folder
                            + ": name the folder of a Maven project, or say with --build what builds it");
        }
        return new Project(folder.toAbsolutePath().normalize());
    }

    public String name() {
        return String.valueOf(folder.getFileName());
    }

    Path pom() {
        return folder.resolve("pom.xml");
    }

    Path target() {
        return folder.resolve("target");
    }

    Path classes() {
        return target().resolve("classes");
    }

    /** All that is compiled. */
    List<Path> javaFiles() throws IOException {
        Path java = folder.resolve("src/main/java");
        if (!Files.isDirectory(java)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(java)) {
            return all.filter(this::isJava).sorted().toList();
        }
    }

    /** Whether it is a file that is compiled, be it there or not. */
    boolean isJava(Path file) {
        return file.startsWith(folder.resolve("src/main/java"))
                && file.toString().endsWith(".java")
                && !isTemporary(file);
    }

    /** All that the bundle is made of. */
    List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path top : List.of(pom(), folder.resolve("bnd.bnd"))) {
            if (Files.isRegularFile(top)) {
                files.add(top);
            }
        }
        walk(new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !isTemporary(file)) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    /** All folders in which something that matters can come, go or change. */
    List<Path> folders() throws IOException {
        List<Path> folders = new ArrayList<>(List.of(folder));
        Path src = folder.resolve("src");
        if (Files.isDirectory(src)) {
            folders.add(src);
        }
        walk(new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                folders.add(directory);
                return FileVisitResult.CONTINUE;
            }
        });
        return folders;
    }

    private void walk(SimpleFileVisitor<Path> visitor) throws IOException {
        Path main = folder.resolve("src/main");
        if (Files.isDirectory(main)) {
            Files.walkFileTree(main, new Patient(visitor));
        }
    }

    private static boolean isTemporary(Path file) {
        return TEMPORARY.matcher(String.valueOf(file.getFileName())).matches();
    }

    /** A file that is gone by the time it is looked at is no trouble. */
    private static final class Patient extends SimpleFileVisitor<Path> {
        private final SimpleFileVisitor<Path> visitor;

        Patient(SimpleFileVisitor<Path> visitor) {
            this.visitor = visitor;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            return visitor.preVisitDirectory(directory, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            return visitor.visitFile(file, attributes);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }
}

package io.gatehouse.cli.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A way past Maven for a save that changes only what methods do. It is open only where our compiler was shown to make, of the same sources,
 * the very class files that lie in Maven's bundle, byte by byte; then all else in the bundle is what bnd made of declarations and
 * of the packages that are used, and is right as long as those stay.
 */
final class Shortcut {
    private static final List<List<String>> OPTIONS = List.of(List.of(), List.of("-parameters"));

    private final Javac javac;
    private final Project project;
    private final String classPath;
    private final int release;
    private final List<String> options;
    private final Javac.Compiled base;

    private Shortcut(
            Javac javac, Project project, String classPath, int release, List<String> options, Javac.Compiled base) {
        this.javac = javac;
        this.project = project;
        this.classPath = classPath;
        this.release = release;
        this.options = options;
        this.base = base;
    }

    /** Whether there is one. */
    sealed interface Search {}

    /** There is. */
    record Open(Shortcut shortcut) implements Search {}

    /** There is none, and why. */
    record Closed(String why) implements Search {}

    /** What came of taking it. */
    sealed interface Attempt {}

    /** These classes take the place of those in the bundle. */
    record Changed(Map<String, byte[]> classes) implements Attempt {}

    /** The sources do not compile; each problem is one line. */
    record Wrong(List<String> problems) implements Attempt {}

    /** Maven has to build, and why. */
    record Detour(String why) implements Attempt {}

    /** Looks for one past Maven's build of a bundle. */
    static Search find(Javac javac, Project project, String classPath, Path bundle) throws IOException {
        Optional<ClassFile> any = anyClass(project);
        if (any.isEmpty()) {
            return new Closed("no classes in target/classes");
        }
        int release = any.get().release();
        Map<String, byte[]> packed = Edition.classes(bundle);
        String why = "";
        for (List<String> options : OPTIONS) {
            Javac.Result result = javac.compile(project, classPath, release, options);
            if (result instanceof Javac.Compiled compiled && areTheSame(compiled.classes(), packed)) {
                return new Open(new Shortcut(javac, project, classPath, release, options, compiled));
            }
            why = result instanceof Javac.Wrong wrong
                    ? "our compiler does not compile what Maven does: "
                            + wrong.problems().get(0)
                    : "our compiler makes other class files than Maven does";
        }
        return new Closed(why);
    }

    private static boolean areTheSame(Map<String, byte[]> compiled, Map<String, byte[]> packed) {
        return compiled.entrySet().stream().allMatch(each -> Arrays.equals(each.getValue(), packed.get(each.getKey())));
    }

    private static Optional<ClassFile> anyClass(Project project) throws IOException {
        if (!Files.isDirectory(project.classes())) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.walk(project.classes())) {
            Optional<Path> file =
                    all.filter(each -> each.toString().endsWith(".class")).findFirst();
            return file.isPresent() ? Optional.of(ClassFile.read(Files.readAllBytes(file.get()))) : Optional.empty();
        }
    }

    /** Compiles what the sources say now, and compares. */
    Attempt take() throws IOException {
        Javac.Result result = javac.compile(project, classPath, release, options);
        if (result instanceof Javac.Wrong wrong) {
            return new Wrong(wrong.problems());
        }
        return judge((Javac.Compiled) result);
    }

    private Attempt judge(Javac.Compiled now) throws IOException {
        if (!now.classes().keySet().equals(base.classes().keySet())) {
            return new Detour("classes came or went");
        }
        if (!now.declarations().equals(base.declarations())) {
            return new Detour("declarations changed");
        }
        Map<String, byte[]> changed = new HashMap<>();
        for (Map.Entry<String, byte[]> one : now.classes().entrySet()) {
            byte[] before = base.classes().getOrDefault(one.getKey(), new byte[0]);
            if (!Arrays.equals(before, one.getValue())) {
                changed.put(one.getKey(), one.getValue());
                ClassFile was = ClassFile.read(before);
                ClassFile is = ClassFile.read(one.getValue());
                if (!was.packages().equals(is.packages())) {
                    return new Detour("other packages are used");
                }
                if (was.findsByName() || is.findsByName()) {
                    return new Detour(one.getKey() + " finds classes by name");
                }
            }
        }
        return new Changed(changed);
    }
}

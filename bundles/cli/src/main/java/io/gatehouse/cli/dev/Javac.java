package io.gatehouse.cli.dev;

import io.gatehouse.cli.fleet.Trouble;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The compiler of the Java that runs this, in this process and into memory. */
final class Javac {
    private final JavaCompiler compiler;

    private Javac(JavaCompiler compiler) {
        this.compiler = compiler;
    }

    /** What came of compiling. */
    sealed interface Result {}

    /**
     * All is well.
     *
     * @param classes by the path of their files, {@code com/acme/Rain.class}
     * @param declarations what the sources declare, as text
     */
    record Compiled(Map<String, byte[]> classes, String declarations) implements Result {}

    /** Something is not; each problem is one line. */
    record Wrong(List<String> problems) implements Result {}

    /**
     * The compiler that there is.
     *
     * @throws Trouble if this is a Java that only runs programs
     */
    static Javac find() throws Trouble {
        return new Javac(Optional.ofNullable(ToolProvider.getSystemJavaCompiler())
                .orElseThrow(() -> new Trouble(
                        Trouble.Kind.USAGE,
                        "the Java at " + System.getProperty("java.home")
                                + " has no compiler: install a JDK 17 or newer, or set JAVA_HOME to one")));
    }

    /** Compiles all sources of a project. Annotation processors are not run. */
    Result compile(Project project, String classPath, int release, List<String> more) throws IOException {
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        Declarations declarations = new Declarations();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(said, Locale.ENGLISH, StandardCharsets.UTF_8)) {
            Memory memory = new Memory(files);
            List<String> options = new ArrayList<>(
                    List.of("--release", String.valueOf(release), "-g", "-nowarn", "-encoding", "UTF-8"));
            options.addAll(List.of("-classpath", classPath));
            options.addAll(more);
            List<Path> sources = project.javaFiles();
            if (sources.isEmpty()) {
                return new Wrong(List.of("nothing to compile in src/main/java"));
            }
            JavaCompiler.CompilationTask task = compiler.getTask(
                    new StringWriter(), memory, said, options, null, files.getJavaFileObjectsFromPaths(sources));
            task.setProcessors(List.of(declarations));
            return Boolean.TRUE.equals(task.call())
                    ? new Compiled(memory.classes(), declarations.text())
                    : new Wrong(problems(project, said));
        } catch (IllegalArgumentException e) {
            return new Wrong(List.of(String.valueOf(e.getMessage()))); // an option that this compiler has not
        }
    }

    private static List<String> problems(Project project, DiagnosticCollector<JavaFileObject> said) {
        return said.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(problem -> line(project, problem))
                .distinct()
                .toList();
    }

    private static String line(Project project, Diagnostic<? extends JavaFileObject> problem) {
        List<String> words =
                problem.getMessage(Locale.ENGLISH).lines().map(String::strip).toList();
        String detail = words.size() > 1 ? " (" + words.get(1).replaceAll("\\s+", " ") + ")" : "";
        JavaFileObject source = problem.getSource();
        String where = source == null
                ? ""
                : project.folder().relativize(Path.of(source.toUri())) + ":" + problem.getLineNumber() + ": ";
        return where + words.get(0) + detail;
    }

    /** Keeps what is compiled. */
    private static final class Memory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> files = new HashMap<>();

        Memory(StandardJavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location,
                String className,
                JavaFileObject.Kind kind,
                @Nullable FileObject sibling) {
            String path = className.replace('.', '/') + kind.extension;
            return new SimpleJavaFileObject(URI.create("memory:///" + path), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    files.put(path, bytes);
                    return bytes;
                }
            };
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new HashMap<>();
            files.forEach((path, bytes) -> classes.put(path, bytes.toByteArray()));
            return classes;
        }
    }
}

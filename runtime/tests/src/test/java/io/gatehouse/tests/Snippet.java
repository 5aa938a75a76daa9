package io.gatehouse.tests;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A block of Java on a page, as a reader would take it over: what the page leaves out is the package and imports of the api, of Declarative
 * Services' annotations and of common packages of Java. A block that declares no type stands in a method. It may say imports of its own.
 *
 * @param line of the page, on which the block begins
 */
record Snippet(Path page, int line, String text) {
    private static final Pattern TYPE =
            Pattern.compile("(?m)^(?:(?:public|final|abstract|sealed) )*(?:class|interface|record|enum) (\\w+)");
    private static final List<String> USUAL = List.of(
            "java.io.*",
            "java.nio.file.*",
            "java.time.*",
            "java.util.*",
            "org.osgi.service.component.annotations.*",
            "org.osgi.service.component.propertytypes.*",
            "org.osgi.service.condition.*");

    /** All blocks of a page. */
    static List<Snippet> of(Path page) throws IOException {
        return of(page, Files.readAllLines(page));
    }

    static List<Snippet> of(Path page, List<String> lines) {
        List<Snippet> snippets = new ArrayList<>();
        int begin = -1;
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at).strip();
            if (begin < 0 && line.equals("```java")) {
                begin = at + 1;
            } else if (begin >= 0 && line.equals("```")) {
                snippets.add(new Snippet(page, begin + 1, String.join("\n", lines.subList(begin, at))));
                begin = -1;
            }
        }
        return snippets;
    }

    /** What the compiler has against it, with the page's lines. */
    List<String> errors(List<String> apiPackages, Path output) {
        String head = imports(apiPackages);
        Matcher type = TYPE.matcher(text);
        boolean declares = type.find();
        String name = declares ? type.group(1) : "Snippet";
        String source = declares ? head + text : head + inMethod();
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        compiler.getTask(
                        null,
                        null,
                        said,
                        List.of("--release", "17", "-proc:none", "-d", output.toString()),
                        null,
                        List.of(new Source(name, source)))
                .call();
        return said.getDiagnostics().stream()
                .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
                .map(one -> page.getFileName() + ":" + (line - 1 + one.getLineNumber()) + ": "
                        + one.getMessage(Locale.ROOT))
                .collect(Collectors.toList());
    }

    /** On one line with the first of the block, so that the compiler counts as the page does. */
    private static String imports(List<String> apiPackages) {
        return List.of(apiPackages.stream().map(name -> name + ".*").toList(), USUAL).stream()
                .flatMap(List::stream)
                .map(name -> "import " + name + ";")
                .collect(Collectors.joining(" ", "", " "));
    }

    private String inMethod() {
        StringBuilder imports = new StringBuilder();
        StringBuilder body = new StringBuilder();
        text.lines().forEach(line -> (line.startsWith("import ") ? imports : body)
                .append(line)
                .append('\n'));
        return imports + "final class Snippet { void snippet() throws Exception { " + body + " } }";
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String type, String text) {
            super(URI.create("string:///" + type + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}

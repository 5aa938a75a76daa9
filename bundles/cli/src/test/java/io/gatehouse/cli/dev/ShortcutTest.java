package io.gatehouse.cli.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a save can go past Maven, and when it must not. */
final class ShortcutTest {
    private static final String CLASS = "com/acme/rain/Rain.class";

    @TempDir
    private Path folder;

    private Plugin plugin;

    @BeforeEach
    void aProject() {
        plugin = new Plugin(folder.resolve("rain"));
    }

    private Shortcut.Search find(Path bundle) throws IOException, Trouble {
        return Shortcut.find(Javac.find(), plugin.project(), "", bundle);
    }

    private Shortcut open(String... options) throws IOException, Trouble {
        return assertInstanceOf(Shortcut.Open.class, find(plugin.build(options)))
                .shortcut();
    }

    private String detour(Shortcut shortcut) throws IOException {
        return assertInstanceOf(Shortcut.Detour.class, shortcut.take()).why();
    }

    @Test
    void replacesTheClassWhoseMethodChanged() throws Exception {
        plugin.write("src/main/java/com/acme/rain/Other.java", "package com.acme.rain;\n\nfinal class Other {}\n");
        Shortcut shortcut = open();
        plugin.replace("\"much\"", "\"little\"");
        Shortcut.Changed changed = assertInstanceOf(Shortcut.Changed.class, shortcut.take());
        assertEquals(Set.of(CLASS), changed.classes().keySet());
        assertTrue(new String(changed.classes().get(CLASS), StandardCharsets.ISO_8859_1).contains("little"));
    }

    @Test
    void replacesTheClassWhoseCommentsChanged() throws Exception {
        Shortcut shortcut = open();
        plugin.replace("/** How much. */", "/**\n     * How much\n     * it rains.\n     */");
        assertEquals(
                Set.of(CLASS),
                assertInstanceOf(Shortcut.Changed.class, shortcut.take())
                        .classes()
                        .keySet());
    }

    @Test
    void isOpenWhereTheProjectKeepsTheNamesOfParameters() throws Exception {
        plugin.replace("read()", "read(String where)");
        Shortcut shortcut = open("-parameters");
        assertInstanceOf(Shortcut.Changed.class, shortcut.take());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@Deprecated(since = \"1\") | @Deprecated(since = \"2\")  | declarations changed",
                "LEAST = 3                  | LEAST = 2                   | declarations changed",
                "public class Rain          | public final class Rain     | declarations changed",
                "public String read         | public CharSequence read    | declarations changed",
                "\"much\".substring(LEAST)  | \"\" + new Object() {}      | classes came or went",
                "\"much\".substring(LEAST)  | java.time.Clock.systemUTC().toString() | other packages are used",
                "\"much\".substring(LEAST)  | \"\" + new java.util.ArrayList<String>() | other packages are used",
            })
    void leavesToMavenWhatTheManifestOrAComponentMayDependOn(String what, String by, String why) throws Exception {
        Shortcut shortcut = open();
        plugin.replace(what, by);
        assertEquals(why, detour(shortcut));
    }

    @Test
    void leavesToMavenAClassThatFindsOthersByName() throws Exception {
        plugin.replace(
                "return \"much\"",
                "try { return Class.forName(\"java.lang.String\").getName(); }"
                        + " catch (ClassNotFoundException e) { } return \"much\"");
        Shortcut shortcut = open();
        plugin.replace(
                "return \"much\"",
                "try { return Class.forName(\"java.util.List\").getName(); }"
                        + " catch (ClassNotFoundException e) { } return \"much\"");
        assertEquals(CLASS + " finds classes by name", detour(shortcut));
    }

    @Test
    void saysInOneLineWhatDoesNotCompile() throws Exception {
        Shortcut shortcut = open();
        plugin.replace("\"much\"", "mush");
        Shortcut.Wrong wrong = assertInstanceOf(Shortcut.Wrong.class, shortcut.take());
        assertEquals(
                List.of("src/main/java/com/acme/rain/Rain.java:9: cannot find symbol (symbol: variable mush)"),
                wrong.problems());
    }

    @Test
    void isClosedWhereTheBundleHasOtherClassFiles() throws Exception {
        Path bundle = plugin.build();
        plugin.replace("\"much\"", "\"little\"");
        Shortcut.Closed closed = assertInstanceOf(Shortcut.Closed.class, find(bundle));
        assertEquals("our compiler makes other class files than Maven does", closed.why());
    }

    @Test
    void isClosedWhereOurCompilerCannotCompileIt() throws Exception {
        Path bundle = plugin.build();
        plugin.replace("\"much\"", "new com.acme.Generated().toString()");
        Shortcut.Closed closed = assertInstanceOf(Shortcut.Closed.class, find(bundle));
        assertTrue(closed.why().contains("Rain.java:9: "), closed.why());
    }
}

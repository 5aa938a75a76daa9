package io.gatehouse.testkit.archetype;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ./dev new-plugin} and the archetype make of examples/hello. */
final class NewPluginTest {
    private static final Path CHECKOUT = Path.of("../..").toAbsolutePath().normalize();
    private static final String ARCHETYPE = "gatehouse-plugin-archetype";
    private static final Path CLASSES = Path.of("target/classes");
    private static final Path METADATA = CLASSES.resolve("META-INF/maven/archetype-metadata.xml");
    private static final String VERSION = System.getProperty("project.version");

    private static Path repository;

    @TempDir
    Path folder;

    @BeforeAll
    static void completeRepository() throws IOException {
        repository =
                LocalRepository.complete(Path.of("target/repository"), Path.of(System.getProperty("maven.repo.local")));
        LocalRepository.put(repository, ARCHETYPE, VERSION, CLASSES, Path.of("pom.xml"));
    }

    private record Ended(int code, String output) {}

    @Test
    void collectorIsCalledAsItIsAskedForEverywhere() throws Exception {
        assertEquals(0, newPlugin("com.acme.board", "Temperature").code());
        Map<String, String> made = texts(folder.resolve("board"));
        assertEquals(
                List.of(
                        "README.md",
                        "bnd.bnd",
                        "pom.xml",
                        "src/main/java/com/acme/board/Temperature.java",
                        "src/test/java/com/acme/board/TemperatureIT.java",
                        "src/test/java/com/acme/board/TemperatureTest.java"),
                List.copyOf(made.keySet()));
        made.forEach((file, text) -> assertFalse(
                Pattern.compile("[Hh]ello|Uptime|example|[Gg]reet")
                        .matcher(text)
                        .find(),
                file + ": " + text));
        String source = made.get("src/main/java/com/acme/board/Temperature.java");
        assertTrue(source.contains("package com.acme.board;"), source);
        assertTrue(source.contains("topic = \"board/temperature\""), source);
        String pom = made.get("pom.xml");
        assertTrue(pom.contains("<groupId>com.acme</groupId>\n  <artifactId>com.acme.board</artifactId>"), pom);
    }

    @Test
    void commandIsCalledAsItIsAskedForEverywhere() throws Exception {
        assertEquals(
                0,
                newPlugin("com.acme.wol", "Wake", "--kind", "command", "--dir", "waker")
                        .code());
        Map<String, String> made = texts(folder.resolve("waker"));
        assertTrue(made.containsKey("src/test/java/com/acme/wol/WakeIT.java"), () -> made.keySet()
                .toString());
        made.forEach((file, text) -> assertFalse(
                Pattern.compile("hello\\.|Uptime|example|Greet").matcher(text).find(), file + ": " + text));
        assertTrue(made.get("src/main/java/com/acme/wol/Wake.java").contains("@Command(\"wol.wake\")"));
        assertTrue(made.get("README.md").contains("gatehouse cmd wol.wake"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Rain; usage: ./dev new-plugin PACKAGE CLASS",
                "com.acme.rain; usage: ",
                "acme Rain; not a package: acme; write it as com.acme.board",
                "com.Acme.rain Rain; not a package: com.Acme.rain",
                "com.acme.class Rain; has a word that Java keeps for itself",
                "com.acme.rain rain; not a class: rain; write it as Temperature",
                "com.acme.rain Reading; Reading is the name of a class that the plug-in uses",
                "com.acme.rain Rain --kind alarm; no such kind of plug-in: alarm; there are collector and command",
                "com.acme.rain Rain --kind; --kind needs collector or command",
                "com.acme.rain Rain --dir; --dir needs a folder",
                "com.acme.rain Rain Snow; too many names: Snow",
                "com.acme.rain Rain --color; unknown option: --color",
            })
    void wrongInputIsNamedAndNothingIsMade(String words, String complaint) throws Exception {
        Ended ended = newPlugin(words.split(" ", -1));
        assertEquals(1, ended.code());
        assertTrue(ended.output().contains(complaint), ended.output());
        assertEquals(Map.of(), texts(folder));
    }

    @Test
    void folderThatIsThereIsLeftAsItIs() throws Exception {
        Path file =
                Files.writeString(Files.createDirectory(folder.resolve("rain")).resolve("notes.txt"), "mine");
        Ended ended = newPlugin("com.acme.rain", "Rain");
        assertEquals(1, ended.code());
        assertTrue(ended.output().contains("rain is there already"), ended.output());
        assertEquals(Map.of("rain/notes.txt", Files.readString(file)), texts(folder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"collector", "command"})
    void archetypeMakesTheSame(String kind) throws Exception {
        assertEquals(0, newPlugin("com.acme.rain", "Rain", "--kind", kind).code());
        Ended ended = mvn(
                "org.apache.maven.plugins:maven-archetype-plugin:" + System.getProperty("archetype.plugin.version")
                        + ":generate",
                "-DarchetypeCatalog=internal",
                "-DarchetypeGroupId=io.gatehouse",
                "-DarchetypeArtifactId=" + ARCHETYPE,
                "-DarchetypeVersion=" + VERSION,
                "-DinteractiveMode=false",
                "-DgroupId=com.acme",
                "-DartifactId=com.acme.rain",
                "-DclassName=Rain",
                "-Dkind=" + kind);
        assertEquals(0, ended.code(), ended.output());
        assertEquals(texts(folder.resolve("rain")), texts(folder.resolve("com.acme.rain")));
    }

    @ParameterizedTest
    @CsvSource({
        "className, Rain, true",
        "className, Readings, true",
        "className, Reading, false",
        "className, rain, false",
        "package, com.acme.rain, true",
        "package, com.acme.classes, true",
        "package, com.acme.class, false",
        "package, com.int.rain, false",
        "package, new.acme.rain, false",
        "package, acme, false",
        "package, com.Acme.rain, false"
    })
    void archetypeTakesWhatNewPluginTakes(String property, String value, boolean isTaken) throws Exception {
        Matcher rule = Pattern.compile("key=\"" + property + "\">[^/]*<validationRegex>(.*)</validationRegex>")
                .matcher(Files.readString(METADATA).replaceAll("<defaultValue>.*</defaultValue>", ""));
        assertTrue(rule.find(), METADATA + " has no rule for " + property);
        assertEquals(isTaken, Pattern.matches(rule.group(1), value));
        Ended ended = property.equals("package") ? newPlugin(value, "Rain") : newPlugin("com.acme.rain", value);
        assertEquals(isTaken, ended.code() == 0, ended.output());
    }

    @ParameterizedTest
    @ValueSource(strings = {"collector", "command"})
    void whatIsMadeStandsAloneAndPassesItsOwnTests(String kind) throws Exception {
        assertEquals(0, newPlugin("com.acme.rain", "Rain", "--kind", kind).code());
        Ended ended = mvn("-f", folder.resolve("rain").toString(), "verify");
        assertEquals(0, ended.code(), ended.output());
        assertTrue(ended.output().contains("RainTest"), ended.output());
        assertTrue(ended.output().contains("RainIT"), ended.output());
    }

    private Ended newPlugin(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(CHECKOUT.resolve("dev").toString(), "new-plugin"));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private Ended mvn(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("mvn", "-B", "-Dmaven.repo.local=" + repository));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private Ended run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    /** All files below a folder, by their paths in it. */
    private static Map<String, String> texts(Path top) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(top.relativize(file).toString(), Files.readString(file));
            }
        }
        return texts;
    }
}

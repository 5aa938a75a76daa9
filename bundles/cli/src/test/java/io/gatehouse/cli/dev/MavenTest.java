package io.gatehouse.cli.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.Jars;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds by commands that stand for Maven, and what is told of what it says; an acceptance test runs Maven itself. */
final class MavenTest {
    @TempDir
    private Path folder;

    private Plugin plugin;

    @BeforeEach
    void aProject() {
        plugin = new Plugin(folder.resolve("rain"));
    }

    private Maven.Result build(String command) throws Exception {
        return new Maven(plugin.project(), Optional.of(command), folder).build();
    }

    @Test
    void takesTheBundleAmongWhatTheBuildLeaves() throws Exception {
        Jars.bundle(folder.resolve("a.jar"), "com.acme.rain", "1.0.0");
        String command = "mkdir target; cp ../a.jar target/; touch target/other.jar; for i in sources javadoc; do"
                + " cp ../a.jar target/a-$i.jar; done";
        assertEquals(
                plugin.file("target/a.jar"),
                assertInstanceOf(Maven.Packaged.class, build(command)).bundle());
    }

    @Test
    void saysWhatHelpsWhereTheBuildLeavesNoBundle() throws Exception {
        List<String> problems =
                assertInstanceOf(Maven.Failed.class, build("true")).problems();
        assertTrue(problems.get(0).contains("bnd-maven-plugin"), problems.toString());
    }

    @Test
    void tellsWhatABuildSaidThatFailed() throws Exception {
        assertEquals(
                List.of("no rain today"),
                assertInstanceOf(Maven.Failed.class, build("echo; echo no rain today >&2; exit 3"))
                        .problems());
    }

    @Test
    void tellsWhatABuildSaidInLettersOfAnotherPlace() throws Exception {
        List<String> problems = assertInstanceOf(
                        Maven.Failed.class, build("printf 'r\\344in \\377\\376\\200 today'; exit 3"))
                .problems();
        assertTrue(problems.get(0).matches("r.*in .* today"), problems.toString());
    }

    @Test
    void prefersTheWrapperThatLiesInTheProject() throws Exception {
        Path ran = folder.resolve("ran");
        Path wrapper = plugin.write("mvnw", "#!/bin/sh\necho \"$@\" >" + ran + "; exit 1\n");
        assertTrue(wrapper.toFile().setExecutable(true));
        assertInstanceOf(Maven.Failed.class, new Maven(plugin.project(), Optional.empty(), folder).build());
        assertTrue(Files.readString(ran).contains(" package "), Files.readString(ran));
    }

    @Test
    void doesWithoutTheClassPathWhereItsPluginCannotBeHad() throws Exception {
        Jars.bundle(folder.resolve("a.jar"), "com.acme.rain", "1.0.0");
        Path wrapper = plugin.write("mvnw", """
                #!/bin/sh
                case "$*" in
                    *dependency*) echo '[ERROR] Plugin maven-dependency-plugin:3.8.1 could not be resolved'; exit 1 ;;
                esac
                mkdir -p target && cp ../a.jar target/
                """);
        assertTrue(wrapper.toFile().setExecutable(true));
        Maven.Packaged packaged =
                assertInstanceOf(Maven.Packaged.class, new Maven(plugin.project(), Optional.empty(), folder).build());
        assertEquals(Optional.empty(), packaged.classPath());
    }

    @Test
    void saysEachErrorOfTheCompilerOnceAndInOneLine() {
        String output = """
                [ERROR] COMPILATION ERROR :\s
                [ERROR] /x/rain/src/main/java/com/acme/Rain.java:[30,16] cannot find symbol
                  symbol:   variable Readin
                  location: class com.acme.Rain
                [ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.14.1:compile
                [ERROR] /x/rain/src/main/java/com/acme/Rain.java:[30,16] cannot find symbol
                [ERROR]   symbol:   variable Readin
                [ERROR] -> [Help 1]
                """;
        assertEquals(
                List.of("src/main/java/com/acme/Rain.java:30: cannot find symbol (symbol: variable Readin)"),
                Maven.problems(Path.of("/x/rain"), output));
    }

    @Test
    void saysTheFirstErrorsWhereNoneIsTheCompilers() {
        String output = """
                [ERROR] bnd.bnd:3: unknown header
                [ERROR] Failed to execute goal biz.aQute.bnd:bnd-maven-plugin:7.2.0:jar
                [ERROR]\s
                [ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.
                [ERROR] [Help 1] http://cwiki.apache.org/confluence/display/MAVEN/MojoFailureException
                """;
        assertEquals(
                List.of("bnd.bnd:3: unknown header", "Failed to execute goal biz.aQute.bnd:bnd-maven-plugin:7.2.0:jar"),
                Maven.problems(Path.of("/x/rain"), output));
    }
}

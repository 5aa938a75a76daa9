package io.gatehouse.cli.dev;

import io.gatehouse.cli.fleet.BundleJar;
import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds a project again and again, each time as a version of its own: by Maven, or past it where that gives the same. Nothing is written
 * into the project but what Maven writes into target. Used by one thread.
 */
public final class Workshop implements AutoCloseable {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Project project;
    private final Clock clock;
    private final Path scratch;
    private final Javac javac;
    private final Maven maven;
    private @Nullable Snapshot seen;
    private @Nullable Snapshot packaged;
    private Maven.@Nullable Packaged result;
    private Shortcut.Search search = new Shortcut.Closed("nothing was built yet");
    private Optional<Path> last = Optional.empty();

    /**
     * One for a project.
     *
     * @param command that builds it instead of Maven; there is no way past it
     * @param clock by which versions are told apart
     * @throws Trouble if this Java has no compiler
     */
    public Workshop(Project project, Optional<String> command, Clock clock) throws Trouble {
        this.project = project;
        this.clock = clock;
        this.javac = Javac.find();
        try {
            this.scratch = Files.createTempDirectory("gatehouse-dev");
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot make a temporary folder: " + e.getMessage(), e);
        }
        this.maven = new Maven(project, command, scratch);
    }

    /** What builds all of it, in a word. */
    public String builder() {
        return maven.name();
    }

    /**
     * Builds what was saved since it was last called.
     *
     * @return nothing where no file says anything new
     * @throws Trouble if a file cannot be read or written, or the builder cannot be run
     */
    public Optional<Build> build() throws Trouble, InterruptedException {
        try {
            Snapshot now = Snapshot.of(project);
            if (seen != null && now.changedSince(seen).isEmpty()) {
                return Optional.empty();
            }
            seen = now;
            return Optional.of(build(now, System.nanoTime()));
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot build " + project.name() + ": " + e, e);
        }
    }

    /** Whether something was saved that was not built yet. */
    public boolean isBehind() throws Trouble {
        try {
            return seen == null || !Snapshot.of(project).changedSince(seen).isEmpty();
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read " + project.folder() + ": " + e, e);
        }
    }

    private Build build(Snapshot now, long began) throws IOException, Trouble, InterruptedException {
        String why = whyMaven(now);
        if (why.isEmpty() && search instanceof Shortcut.Open open) {
            Shortcut.Attempt attempt = open.shortcut().take();
            if (attempt instanceof Shortcut.Changed changed) {
                return made(base(), changed.classes(), began, "past " + maven.name() + ", as only methods changed");
            }
            if (attempt instanceof Shortcut.Wrong wrong) {
                return new Build.Broken(wrong.problems());
            }
            why = ((Shortcut.Detour) attempt).why();
        }
        Maven.Result whole = maven.build();
        if (whole instanceof Maven.Failed failed) {
            return new Build.Broken(failed.problems());
        }
        packaged = now;
        result = (Maven.Packaged) whole;
        search = new Shortcut.Closed("it was not looked for yet");
        // Others may clean target, or build there.
        Files.copy(result.bundle(), base(), StandardCopyOption.REPLACE_EXISTING);
        return made(base(), Map.of(), began, "by " + maven.name() + (why.isEmpty() ? "" : ", as " + why));
    }

    private Path base() {
        return scratch.resolve("base.jar");
    }

    /** Why there is no way past Maven this time; empty where there may be one, or nothing was built before. */
    private String whyMaven(Snapshot now) {
        if (packaged == null) {
            return "";
        }
        return now.changedSince(packaged).stream()
                .filter(file -> !project.isJava(file))
                .findFirst()
                .map(file -> project.folder().relativize(file) + " changed")
                .orElseGet(() -> search instanceof Shortcut.Closed closed ? closed.why() : "");
    }

    private Build made(Path bundle, Map<String, byte[]> classes, long began, String how) throws IOException, Trouble {
        String stamp = STAMP.format(clock.instant());
        Path file = scratch.resolve(project.name() + "-" + stamp + ".jar");
        Edition edition = Edition.write(bundle, stamp, classes, file);
        if (last.isPresent()) {
            Files.deleteIfExists(last.get());
        }
        last = Optional.of(file);
        return new Build.Made(edition, BundleJar.read(file), Duration.ofNanos(System.nanoTime() - began), how);
    }

    /** Makes the next save quicker, where that can be; to be called when there is nothing more urgent. */
    public void prepare() throws Trouble {
        if (result == null || !(search instanceof Shortcut.Closed)) {
            return;
        }
        try {
            search = result.classPath().isEmpty()
                    ? new Shortcut.Closed(maven.isItself() ? "what it compiles with is not known" : "")
                    : Shortcut.find(javac, project, result.classPath().get(), base());
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read " + project.target() + ": " + e, e);
        }
        result = null;
    }

    @Override
    public void close() {
        try (Stream<Path> all = Files.walk(scratch)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException ignored) {
            // the system cleans its folder for temporary files
        }
    }
}

package io.gatehouse.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Function;

/**
 * A program of this machine with its arguments, and how it is to be run: never by a shell, in an {@link Environment} of its own, and without
 * input unless it is given some. By default it may run for a minute, 64 KiB of its output are kept, and what it says as errors is part of its output.
 *
 * <p>Running it takes the calling thread and no other. Callbacks come on that thread, in order; what they throw ends the program and is thrown on. An
 * interrupt ends it as well, but for {@link #runUndisturbed}. Whatever ends it early ends all that it started too: asked by a signal first (TERM), killed
 * two seconds later. A program that ends by itself may leave others behind, as scripts of services do; they are not waited for.
 *
 * <p>Immutable: each method that changes something returns another.
 */
public final class Program {
    private static final int LARGEST_INPUT = 64 << 10;

    private final List<String> command;
    private final byte[] input;
    private final Duration deadline;
    private final int kept;
    private final boolean isApart;

    private Program(List<String> command, byte[] input, Duration deadline, int kept, boolean isApart) {
        this.command = command;
        this.input = input;
        this.deadline = deadline;
        this.kept = kept;
        this.isApart = isApart;
    }

    /**
     * A program by its name, from the folders of {@code PATH} or those where programs for administrators are; nothing where this machine has
     * none.
     *
     * @param name without any folder
     */
    public static Optional<Program> find(String name) {
        return find(name, Optional.ofNullable(System.getenv("PATH")).orElse(""));
    }

    static Optional<Program> find(String name, String path) {
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("not a program's name: " + name);
        }
        StringTokenizer folders = new StringTokenizer(path + ":" + Environment.USUAL_PATH, ":");
        while (folders.hasMoreTokens()) {
            Path folder = Path.of(folders.nextToken());
            Path file = folder.resolve(name);
            if (folder.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file)) {
                return Optional.of(of(List.of(file.toString())));
            }
        }
        return Optional.empty();
    }

    /**
     * A program as it is configured.
     *
     * @param command its name, for one as of {@link #find}, or the absolute path of its file; and the arguments
     * @throws IOException where this machine has none of that name
     */
    public static Program configured(List<String> command) throws IOException {
        if (command.isEmpty() || command.get(0).startsWith("/")) {
            return of(command);
        }
        return find(command.get(0))
                .orElseThrow(() -> new IOException("this machine has no program " + command.get(0)))
                .with(command.subList(1, command.size()));
    }

    /**
     * A program by its file, which need not be there before it is run.
     *
     * @param command the file's absolute path, and the arguments
     */
    public static Program of(List<String> command) {
        if (command.isEmpty() || !command.get(0).startsWith("/")) {
            throw new IllegalArgumentException("not the absolute path of a program: " + command);
        }
        return new Program(List.copyOf(command), new byte[0], Duration.ofMinutes(1), 64 << 10, false);
    }

    /** With these arguments behind those that there are. */
    public Program with(String... arguments) {
        return with(List.of(arguments));
    }

    /** With these arguments behind those that there are. */
    public Program with(List<String> arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(arguments);
        return new Program(List.copyOf(all), input, deadline, kept, isApart);
    }

    /**
     * With this as its standard input, and then the end of it.
     *
     * @param bytes at most 64 KiB, which is what a pipe takes without a reader
     */
    public Program input(byte[] bytes) {
        if (bytes.length > LARGEST_INPUT) {
            throw new IllegalArgumentException("input of " + bytes.length + " bytes is more than " + LARGEST_INPUT);
        }
        return new Program(command, bytes.clone(), deadline, kept, isApart);
    }

    /** With this much time, after which it is ended. */
    public Program within(Duration time) {
        return new Program(command, input, time, kept, isApart);
    }

    /** With as many bytes kept of its output, and as many of its errors where they are apart. What is beyond is read and counted. */
    public Program keeping(int bytes) {
        return new Program(command, input, deadline, bytes, isApart);
    }

    /** With what it says as errors kept apart from its output. */
    public Program errorsApart() {
        return new Program(command, input, deadline, kept, true);
    }

    /** The program's file and its arguments. */
    public List<String> command() {
        return command;
    }

    /**
     * Runs it to its end.
     *
     * @throws IOException where it cannot be run
     * @throws InterruptedException where it is no longer wanted; it was ended
     */
    public Ended run() throws IOException, InterruptedException {
        return bytes((bytes, length) -> {});
    }

    /**
     * Runs it to its end, which must be a good one.
     *
     * @throws IOException where it cannot be run, or does not end in time and well, as of {@link #failure}
     * @throws InterruptedException where it is no longer wanted; it was ended
     */
    public Ended runWell() throws IOException, InterruptedException {
        Ended ended = run();
        if (!ended.isWell()) {
            throw failure(ended);
        }
        return ended;
    }

    /**
     * Runs it to its end and lets it come there, for what must not be cut short, such as writing the only system of a machine: no deadline, interrupt or end
     * of this process ends it. It has no input, a session of its own where this machine has {@code setsid}, and what it says as errors is part of its output.
     *
     * @throws IOException where it cannot be run
     * @throws InterruptedException where its end is not awaited any more; it goes on
     */
    public Ended runUndisturbed() throws IOException, InterruptedException {
        return new Undisturbed(command, kept).run();
    }

    /** That it ended so is a failure: with its command, how it ended and the last that it said. */
    public IOException failure(Ended ended) {
        String last = Optional.of(ended.errors().lastLine())
                .filter(line -> !line.isEmpty())
                .orElseGet(() -> ended.output().lastLine());
        return new IOException(String.join(" ", command) + " " + ended.words() + (last.isEmpty() ? "" : ": " + last));
    }

    /**
     * Runs it to its end, and tells how much of a file it has read, as far as its place in it says: about twice a second, where that changed.
     *
     * @param each takes 0 to 1
     * @throws IOException where it cannot be run
     * @throws InterruptedException where it is no longer wanted; it was ended
     */
    public Ended reading(Path file, DoubleConsumer each) throws IOException, InterruptedException {
        return followed(process -> new Reading(Path.of("/proc", Long.toString(process.pid())), file, each));
    }

    /**
     * Runs it to its end, and tells each line of its output as it comes, decoded as UTF-8, without its end. A line of more than 8 KiB comes in pieces.
     *
     * @throws IOException where it cannot be run
     * @throws InterruptedException where it is no longer wanted; it was ended
     */
    public Ended lines(Consumer<String> each) throws IOException, InterruptedException {
        Lines lines = new Lines(each);
        Ended ended = bytes(lines);
        lines.end();
        return ended;
    }

    /**
     * Runs it to its end, and tells its output as it comes.
     *
     * @throws IOException where it cannot be run, or of the callback
     * @throws InterruptedException where it is no longer wanted; it was ended
     */
    public Ended bytes(Output output) throws IOException, InterruptedException {
        return followed(process -> output);
    }

    private Ended followed(Function<Process, Output> output) throws IOException, InterruptedException {
        Mark mark = Mark.next();
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(!isApart);
        Environment.replace(builder.environment());
        mark.put(builder.environment());
        long began = System.nanoTime();
        Process process = builder.start();
        Kin kin = new Kin(process, mark);
        try {
            feed(process);
            Kept told = new Kept(kept);
            Kept errors = new Kept(isApart ? kept : 0);
            boolean isInTime = new Following(process, kin, began + deadline.toNanos())
                    .follow(told.before(output.apply(process)), errors::add);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            return new Ended(isInTime, process.exitValue(), took, told.part(), errors.part());
        } finally {
            kin.end();
            process.destroy(); // closes its pipes
        }
    }

    private void feed(Process process) {
        try (var stdin = process.getOutputStream()) {
            stdin.write(input);
        } catch (IOException e) {
            // It does not read what it is given, and says by its end whether that was right.
        }
    }

    /** Is told output. */
    @FunctionalInterface
    public interface Output {
        /**
         * Some of it came.
         *
         * @param bytes good until this returns
         * @param length how many of them count
         */
        void came(byte[] bytes, int length) throws IOException, InterruptedException;

        /** Nothing came for a moment; called up to 50 times a second. */
        default void idle() throws IOException, InterruptedException {}

        /**
         * Whether nothing more of it is wanted; asked after each of the others. Then the program is asked to end, as when its time is over, and no more of
         * its output is told. What it still says as errors is kept, where those are apart.
         */
        default boolean isEnough() {
            return false;
        }
    }
}

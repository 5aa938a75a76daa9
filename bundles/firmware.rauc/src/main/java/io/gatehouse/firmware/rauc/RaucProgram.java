package io.gatehouse.firmware.rauc;

import io.gatehouse.api.firmware.FirmwareInstaller.Progress;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** RAUC by its program, which does all by itself where it was built without a service, and asks the service otherwise. */
final class RaucProgram implements Rauc {
    static final String REMEDY = "RAUC's service must run (systemctl start rauc, or rauc service)";

    /** RAUC verifies a whole image. */
    private static final Duration ANSWER = Duration.ofMinutes(5);

    private static final Pattern PERCENT = Pattern.compile(" *([0-9]{1,3})% .*");
    private static final String ERROR = "LastError: ";
    private static final int NO_SERVICE = 2;

    private final Program rauc;

    RaucProgram(Program rauc) {
        this.rauc = rauc;
    }

    @Override
    public Status status() throws IOException, InterruptedException {
        Map<String, String> said = details();
        List<Slot> slots = new ArrayList<>();
        int number = 0;
        StringTokenizer names = new StringTokenizer(said.getOrDefault("RAUC_SYSTEM_SLOTS", ""));
        while (names.hasMoreTokens()) {
            number++;
            slots.add(new Slot(
                    names.nextToken(),
                    said.getOrDefault("RAUC_SLOT_CLASS_" + number, ""),
                    said.getOrDefault("RAUC_SLOT_STATE_" + number, ""),
                    said.getOrDefault("RAUC_SLOT_BOOTNAME_" + number, ""),
                    said.getOrDefault("RAUC_SLOT_STATUS_INSTALLED_TIMESTAMP_" + number, ""),
                    said.getOrDefault("RAUC_SLOT_DEVICE_" + number, "")));
        }
        String compatible = said.get("RAUC_SYSTEM_COMPATIBLE");
        if (compatible == null) {
            throw new IOException("rauc status does not say which images this machine takes: " + said.keySet());
        }
        return new Status(compatible, slots);
    }

    @Override
    public Optional<String> primary() throws IOException, InterruptedException {
        return Optional.ofNullable(details().get("RAUC_BOOT_PRIMARY"));
    }

    private Map<String, String> details() throws IOException, InterruptedException {
        return said(run("status", "--detailed", "--output-format=shell"));
    }

    @Override
    public String compatibleOf(Path image) throws FirmwareRefused, IOException, InterruptedException {
        Ended ended = rauc.within(ANSWER)
                .errorsApart()
                .with("info", "--output-format=shell", image.toString())
                .run();
        if (!ended.isWell()) {
            throw Words.failure(said(ended));
        }
        return said(ended.output().text()).getOrDefault("RAUC_MF_COMPATIBLE", "");
    }

    @Override
    public void install(Path image, Progress progress) throws FirmwareRefused, IOException, InterruptedException {
        Installation installation = new Installation(rauc.with("install", image.toString()), progress);
        Ended ended;
        try (Patience patience = Patience.toTheEnd()) {
            ended = patience.wait(installation::end);
            patience.end();
        } finally {
            installation.giveUp();
        }
        if (!ended.isWell()) {
            throw installation.failure(ended);
        }
    }

    @Override
    public void mark(String state, String slot) throws IOException, InterruptedException {
        run("status", "mark-" + state, slot);
    }

    @Override
    public void close() {}

    private String run(String... arguments) throws IOException, InterruptedException {
        Ended ended = rauc.within(ANSWER).errorsApart().with(arguments).run();
        if (!ended.isWell()) {
            throw new IOException(
                    "rauc " + String.join(" ", arguments) + " " + ended.words() + ": " + said(ended) + "; " + REMEDY);
        }
        return ended.output().text();
    }

    private static String said(Ended ended) {
        String error = ended.errors().lastLine();
        return error.isEmpty() ? ended.output().lastLine() : error;
    }

    /** Lines of a shell's assignments, each quoted by GLib: {@code NAME='value'}, with {@code '\''} for an apostrophe. */
    static Map<String, String> said(String assignments) {
        Map<String, String> said = new HashMap<>();
        assignments.lines().forEach(line -> {
            int at = line.indexOf("='");
            if (at > 0 && line.endsWith("'") && line.length() > at + 2) {
                said.put(
                        line.substring(0, at),
                        line.substring(at + 2, line.length() - 1).replace("'\\''", "'"));
            }
        });
        return said;
    }

    /**
     * The program while it installs. It has a thread of its own: an interrupt of the one that waits must not end a program whose service goes on
     * writing.
     */
    private static final class Installation {
        private final FutureTask<Ended> task;
        private volatile @Nullable String lastError;

        Installation(Program install, Progress progress) {
            task = new FutureTask<>(() -> install.within(Duration.ofHours(3)).lines(line -> read(line, progress)));
            Thread thread = new Thread(task, "rauc install");
            thread.setDaemon(true);
            thread.start();
        }

        private void read(String line, Progress progress) {
            Matcher percent = PERCENT.matcher(line);
            if (percent.matches()) {
                progress.installed(Integer.parseInt(percent.group(1)) / 100.0);
            } else if (line.startsWith(ERROR)) {
                lastError = line.substring(ERROR.length());
            }
        }

        Optional<Ended> end(long until) throws IOException, InterruptedException {
            try {
                return Optional.of(task.get(until - System.nanoTime(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IOException("cannot run rauc install", e.getCause());
            }
        }

        /** Ends the program where it did not end. */
        void giveUp() {
            task.cancel(true);
        }

        IOException failure(Ended ended) throws FirmwareRefused {
            String words = lastError;
            if (words != null) {
                return Words.failure(words);
            }
            String said = "rauc install " + ended.words() + ": "
                    + ended.output().text().strip();
            if (ended.code() == NO_SERVICE) {
                return new IOException(said + "; " + REMEDY);
            }
            return Words.failure(said);
        }
    }
}

package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;

/** The machine of a gateway has no room, no file handles, no idea of the time, or no power. */
final class FaultsOfTheDeviceTest {
    private static final Duration AWAY = Duration.ofSeconds(15);

    private static final Duration SHORTLY = Duration.ofMillis(20);

    /** {@code seconds} of the outbox, and a second of work. */
    private static final Duration MAY_BE_LOST = Duration.ofSeconds(11);

    private static final Path FAKETIME = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");
    private static final String IN_1970 = "@1970-01-01 00:00:10";
    private static final String IN_20_YEARS = "+20y";
    private static final String BEFORE_10_YEARS = "-10y";
    private static final String NOW = "+0";

    @TempDir
    private Path directory;

    @ConcurrentTest
    void goesOnWhateverTheClockSays() throws Exception {
        Shell.assumeRootWith("another clock", library().toString());
        Path clock = Files.createTempDirectory(directory, "clock").resolve("now");
        set(clock, IN_1970);
        Surroundings surroundings = new Surroundings(
                List.of(),
                Map.of(
                        "LD_PRELOAD", library().toString(),
                        "FAKETIME_TIMESTAMP_FILE", clock.toString(),
                        "FAKETIME_NO_CACHE", "1",
                        "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                        "FAKETIME_FORCE_MONOTONIC_FIX", "0"));
        try (Site site = Site.in(directory).surrounded(surroundings).begin()) {
            awaitRainAt(site, IN_1970);
            site.assertObeys();
            site.suffers(Fault.CLOCK, moment -> {
                for (String time : List.of(NOW, IN_20_YEARS, BEFORE_10_YEARS, IN_1970, NOW)) {
                    set(clock, time);
                    site.busy();
                    awaitRainAt(site, time);
                    Outcome outcome = site.command();
                    if (time.equals(IN_20_YEARS)) {
                        assertTrue(
                                outcome instanceof Outcome.Refused refused
                                        && refused.problem().type().equals("expired"),
                                outcome::toString);
                    } else {
                        assertTrue(outcome instanceof Outcome.Done, outcome::toString);
                    }
                }
            });
        }
    }

    private static void awaitRainAt(Site site, String time) {
        Instant expected =
                switch (time) {
                    case IN_1970 -> Instant.EPOCH;
                    case IN_20_YEARS -> Instant.now().plus(20 * 365, ChronoUnit.DAYS);
                    case BEFORE_10_YEARS -> Instant.now().minus(10 * 365, ChronoUnit.DAYS);
                    default -> Instant.now();
                };
        int mark = site.operator().mark();
        site.operator()
                .await(
                        "rain at " + time,
                        mark,
                        heard -> site.isRain(heard)
                                && Duration.between(
                                                        expected,
                                                        Instant.parse(
                                                                heard.body().string("at")))
                                                .abs()
                                                .compareTo(Duration.ofDays(10))
                                        < 0);
    }

    private static Path library() throws IOException {
        try (var folders = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu*")) {
            for (Path folder : folders) {
                Path library = folder.resolve("faketime/libfaketime.so.1");
                if (Files.exists(library)) {
                    return library;
                }
            }
        }
        return FAKETIME;
    }

    private static void set(Path clock, String time) throws IOException {
        Path next = Files.writeString(clock.resolveSibling("next"), time + "\n");
        Files.move(next, clock, StandardCopyOption.ATOMIC_MOVE);
    }

    @ConcurrentTest
    void goesOnWhileItsFlashIsFull() throws Exception {
        Site.Plan plan = Site.in(directory);
        try (Volume flash = Volume.of(plan.state());
                Site site = plan.begin()) {
            site.suffers(Fault.FLASH_FULL, moment -> {
                int mark = site.operator().mark();
                flash.fill();
                site.busy();
                site.assertObeys();
                String wish = site.want();
                site.awaitStorageEvent(mark, "not-kept");
                site.away(AWAY);
                site.assertObeys();
                site.awaitStorageEvent(mark, "outbox-in-memory");
                flash.free();
                awaitWhereThereIsTime(moment, site, mark, wish);
            });
        }
    }

    /** What could not be kept is tried again each minute: for that each other time of a sweep waits. */
    private static void awaitWhereThereIsTime(int moment, Site site, int mark, String wish) {
        if (moment % 2 == 1) {
            site.awaitApplied(mark, wish);
        }
    }

    @ConcurrentTest
    void startsWhileItsFlashIsFull() throws Exception {
        Site.Plan plan = Site.in(directory);
        try (Volume flash = Volume.of(plan.state());
                Site site = plan.begin()) {
            site.suffers(Fault.FLASH_FULL_START, moment -> {
                flash.fill();
                site.checkMemory();
                site.settle(); // what is under way now is in memory only, as the gateway says
                site.gateway().cut();
                site.gateway().startAgain();
                site.busy();
                site.assertObeys();
                int mark = site.operator().mark();
                site.operator().await("rain", mark, heard -> site.isRain(heard));
                flash.free();
            });
        }
    }

    @ConcurrentTest
    void goesOnWhileItsFlashIsReadOnly() throws Exception {
        Site.Plan plan = Site.in(directory);
        try (Volume flash = Volume.of(plan.state());
                Site site = plan.begin()) {
            site.suffers(Fault.FLASH_READ_ONLY, moment -> {
                int mark = site.operator().mark();
                flash.lock();
                site.busy();
                site.assertObeys();
                String wish = site.want();
                site.awaitStorageEvent(mark, "not-kept");
                site.away(AWAY);
                site.assertObeys();
                flash.unlock();
                awaitWhereThereIsTime(moment, site, mark, wish);
            });
        }
    }

    @ConcurrentTest
    void comesBackAfterItHadNoFileHandles() throws Exception {
        Shell.assumeRootWith("a gateway without file handles", "/usr/bin/prlimit");
        try (Site site = Site.in(directory).begin()) {
            site.suffers(Fault.NO_HANDLES, moment -> {
                long pid = site.gateway().java().pid();
                int mark = site.logMark();
                Shell.run("prlimit", "--pid", String.valueOf(pid), "--nofile=" + (Vitals.handles(pid) / 2) + ":");
                site.proxy().cut();
                site.awaitLog(mark, "cannot connect");
                LockSupport.parkNanos(AWAY.toNanos());
                Shell.run("prlimit", "--pid", String.valueOf(pid), "--nofile=1024:");
            });
        }
    }

    @ConcurrentTest
    void losesNothingWhenItIsKilledUnderLoad() throws Exception {
        try (Site site = Site.in(directory).begin()) {
            site.suffers(Fault.KILLED, moment -> {
                site.checkMemory();
                site.busy();
                LockSupport.parkNanos(SHORTLY.multipliedBy(moment).toNanos());
                site.gateway().cut();
                site.gateway().startAgain();
            });
        }
    }

    @ConcurrentTest
    void losesNoMoreThanAllowedWhenItIsKilledWithoutABroker() throws Exception {
        try (Site site = Site.in(directory).begin()) {
            site.suffers(Fault.KILLED_AWAY, moment -> {
                int mark = site.operator().mark();
                String boot = site.operator()
                        .await("rain", heard -> site.isRain(heard))
                        .properties()
                        .get("boot");
                site.away(AWAY.plusSeconds(5));
                site.proxy().refuse(true);
                site.proxy().cut();
                LockSupport.parkNanos(AWAY.toNanos());
                site.checkMemory();
                site.gateway().cut();
                Instant killed = Instant.now();
                site.proxy().refuse(false);
                site.gateway().startAgain();
                // One topic keeps its order: with the first of the new boot all of the old one has arrived.
                site.operator()
                        .await(
                                "rain after the start",
                                mark,
                                heard -> site.isRain(heard)
                                        && !boot.equals(heard.properties().get("boot")));
                Duration lost = Duration.between(last(site, mark, boot), killed);
                assertTrue(lost.compareTo(MAY_BE_LOST) < 0, () -> "nothing was kept of the last " + lost);
                site.endedAfter(lost);
            });
        }
    }

    private static Instant last(Site site, int mark, String boot) {
        return site
                .operator()
                .since(
                        mark,
                        heard -> site.isRain(heard)
                                && boot.equals(heard.properties().get("boot")))
                .stream()
                .map(heard -> Instant.parse(heard.body().string("at")))
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** A small file system of its own, for a state folder. */
    private record Volume(Path folder) implements AutoCloseable {
        private static final int BLOCK = 4096;

        static Volume of(Path folder) throws IOException {
            Shell.assumeRootWith("flash that is full or read-only", "/usr/bin/mount");
            Files.createDirectories(folder);
            Shell.run("mount", "-t", "tmpfs", "-o", "size=24m", "gatehouse-test", folder.toString());
            return new Volume(folder);
        }

        void fill() throws IOException {
            try (OutputStream out = Files.newOutputStream(folder.resolve("filler"))) {
                for (byte[] block = new byte[BLOCK]; ; ) {
                    out.write(block);
                }
            } catch (IOException e) {
                if (!String.valueOf(e.getMessage()).contains("No space left")) {
                    throw e;
                }
            }
        }

        void free() throws IOException {
            Files.delete(folder.resolve("filler"));
        }

        /** A mount that is read-only over the one that is there, as that one is in use. */
        void lock() throws IOException {
            Shell.run("mount", "--bind", folder.toString(), folder.toString());
            Shell.run("mount", "-o", "remount,bind,ro", folder.toString());
        }

        void unlock() throws IOException {
            Shell.run("umount", "-l", folder.toString());
        }

        @Override
        public void close() throws IOException {
            Shell.run("umount", "-l", folder.toString());
        }
    }
}

package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.acceptance.RouterImages.Variant;
import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of a router's QEMU while it takes a firmware: it starts, says what is so, and takes it none the less. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RouterCutsTest {
    private static final RouterImages IMAGES = new RouterImages(Path.of("target/router"));

    /** Good ones, after the first and again and again: with three of them no slot gets what it had. */
    private static final List<Integer> VERSIONS = List.of(5, 1, 2);

    private static final int SECOND = 2;
    private static final int PANICKING = 3;

    /** How often a system is tried in all, in rounds of the gateway and starts of the boot loader. */
    private static final int ROUNDS = 3;

    private static final int STARTS = 3;

    /** Those of one update, one after the other. */
    private static final List<Cut> THREE = List.of(
            new Cut(Interruption.INSTALLING, 0.5),
            new Cut(Interruption.RESTARTING, 1),
            new Cut(Interruption.ON_TRIAL, 0.3));

    /** Those of as many updates. */
    private static final List<Cut> THIRTY = Stream.of(
                    Cut.spread(Interruption.FETCHING, 5),
                    Cut.spread(Interruption.INSTALLING, 6),
                    Cut.spread(Interruption.RESTARTING, 3),
                    Cut.spread(Interruption.IN_GRUB, 4),
                    Cut.spread(Interruption.IN_KERNEL, 3),
                    Cut.spread(Interruption.IN_SYSTEM, 3),
                    Cut.spread(Interruption.ON_TRIAL, 4),
                    Cut.spread(Interruption.KEPT, 2))
            .flatMap(List::stream)
            .toList();

    /** What is there, the last first: where tests are skipped, nothing. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private Path folder;
    private BrokerProcess broker;
    private Operator operator;
    private ImageServer images;
    private Optional<Recording> recorded = Optional.empty();

    /** How it is switched on. */
    @FunctionalInterface
    private interface Switch {
        void turn() throws IOException;
    }

    @BeforeAll
    void build(@TempDir Path own) throws IOException {
        Router.assumePossible();
        Mosquitto.assumeInstalled();
        folder = own;
        broker = Mosquitto.persistent(Files.createDirectories(folder.resolve("broker")));
        open.push(broker);
        broker.start();
        operator = Operator.at(Access.to(broker.uri()), Router.DEVICE, Router.DEVICE + "/#", "reply/#");
        open.push(operator);
        images = new ImageServer();
        open.push(images);
    }

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void takesAFirmwareThoughThePowerIsCutThreeTimes() throws IOException {
        recording();
    }

    @Test
    void startsAfterEachWriteToItsBootSectorAlsoWhereThatIsDamaged() throws IOException {
        AtomicInteger starts = new AtomicInteger();
        AtomicInteger damaged = new AtomicInteger();
        recording().replay(disk -> {
            BootSector sector = BootSector.of(disk);
            assertStarts(disk, sector.next());
            starts.incrementAndGet();
            boolean isKept = sector.primary().equals("B") && sector.trying().isEmpty();
            if (RecordedTable.IS_LONG || isKept && damaged.get() == 0) {
                String copied = BootSector.copyOf(disk).next();
                BootSector.damage(disk, garbage -> assertStarts(garbage, copied));
                damaged.incrementAndGet();
            }
        });
        Interruptions.PAGE.held(Interruption.SECTOR_WRITTEN, starts + " starts");
        Interruptions.PAGE.held(Interruption.SECTOR_DAMAGED, damaged + (damaged.get() == 1 ? " start" : " starts"));
    }

    /** GRUB chooses that slot, and a system starts; where tests may take long, also its gateway, which says which system it is of. */
    private void assertStarts(Path disk, String slot) throws IOException {
        int mark = operator.mark();
        try (Machine machine = Machine.passing(disk, disk.resolveSibling("passing.log"))) {
            await("a system starts", machine, () -> machine.console().contains(Router.SYSTEM_STARTS));
            List<String> chosen = Router.starts(machine.console());
            assertEquals(slot, chosen.get(0), machine::console);
            if (RecordedTable.IS_LONG) {
                String runs = chosen.get(chosen.size() - 1).equals("A") ? "V1" : "V2";
                await("it says what runs", machine, () -> version(mark).isPresent());
                assertEquals(runs, version(mark).orElseThrow(), machine::console);
            }
        }
    }

    /** Which version runs, as its gateway says when it has come after the mark. Reports of the system before may come late. */
    private Optional<String> version(int mark) {
        return operator.since(mark, message -> message.topic().equals(Router.DEVICE + "/status")).stream()
                .map(Operator.Heard::body)
                .filter(status -> status.string("state").equals("online"))
                .map(status -> status.string("firmware"))
                .findFirst();
    }

    private static void await(String what, Machine machine, Callable<Boolean> condition) {
        try {
            Awaitility.await(what).atMost(Router.PATIENCE).until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("waited for " + what + "; console:\n" + machine.console(), e);
        }
    }

    /** Each with an update of its own; {@code gatehouse.cut=7,21} tries these alone, by their numbers from 0. What is written is of all of a kind. */
    @Test
    void takesAFirmwareAtWhicheverMomentThePowerIsCut() throws IOException {
        assumeLong();
        String chosen = System.getProperty("gatehouse.cut", "");
        List<Integer> numbers = chosen.isEmpty()
                ? IntStream.range(0, THIRTY.size()).boxed().toList()
                : Stream.of(chosen.split(",")).map(Integer::valueOf).toList();
        Map<Interruption, List<Duration>> backs = new EnumMap<>(Interruption.class);
        try (Router router = switchedOn("thirty")) {
            for (int done = 0; done < numbers.size(); done++) {
                Cut cut = THIRTY.get(numbers.get(done));
                System.out.println("cut " + numbers.get(done) + ": " + cut);
                Duration back = cut(router, VERSIONS.get(done % VERSIONS.size()), cut);
                backs.computeIfAbsent(cut.interruption(), kind -> new ArrayList<>())
                        .add(back);
            }
        }
        for (Map.Entry<Interruption, List<Duration>> tried : backs.entrySet()) {
            int cuts = tried.getValue().size();
            boolean isWhole = THIRTY.stream()
                            .filter(cut -> cut.interruption() == tried.getKey())
                            .count()
                    == cuts;
            if (isWhole) {
                Interruptions.held(tried.getKey(), cuts, Collections.max(tried.getValue()));
            }
        }
    }

    private Duration cut(Router router, int version, Cut cut) throws IOException {
        Update update = want(router, version, Variant.GOOD, cut.interruption() != Interruption.FETCHING);
        cut.await(update);
        router.cut();
        System.out.println("  found " + BootSector.of(router.disk()));
        cut.assertInTime(update);
        int mark = operator.mark();
        Duration back = backOnline(update, cut, router::switchOn);
        update.endsApplied(cut.interruption() == Interruption.KEPT ? mark : update.mark());
        cut.assertEnded(update, mark);
        return back;
    }

    @Test
    void givesUpWhatDidNotProveItselfInNineStarts() throws IOException {
        assumeLong();
        try (Router router = switchedOn("nine")) {
            Update update = want(router, VERSIONS.get(0), Variant.GOOD, true);
            for (int cut = 1; cut <= ROUNDS * STARTS; cut++) {
                update.awaitSaid("is on trial, ");
                assertTrue(update.goesOn(), update::story);
                router.cut();
                update.isCut();
                router.switchOn();
            }
            Members end = router.end(update.mark(), update.digest());
            assertEquals("rolled-back", end.string("state"), update::story);
            assertEquals("unproven", end.object("problem").string("type"), update::story);
            assertEquals("V1", end.string("version"), update::story);
            Interruptions.held(Interruption.NINE_CUTS, end);
        }
    }

    private static void assumeLong() {
        Assumptions.assumeTrue(RecordedTable.IS_LONG, "skipped: takes many minutes; gatehouse.long=true has it");
    }

    /** A router as it leaves the factory, which is at the broker. */
    private Router switchedOn(String name) throws IOException {
        Router router = new Router(IMAGES.disk(1), Files.createDirectories(folder.resolve(name)), broker, operator);
        int mark = operator.mark();
        router.switchOn();
        assertEquals("V1", router.online(mark).string("firmware"));
        return router;
    }

    private Duration backOnline(Update update, Cut cut, Switch on) throws IOException {
        update.isCut();
        int mark = operator.mark();
        long since = System.nanoTime();
        on.turn();
        update.awaitOnline(mark);
        Duration back = Duration.ofNanos(System.nanoTime() - since);
        cut.assertStarted(update);
        return back;
    }

    /** Asks for a firmware; the slot for it has nothing yet that would help. */
    private Update want(Router router, int version, Variant variant, boolean byHttp) throws IOException {
        Path image = IMAGES.firmware(version, variant);
        Artifact served = operator.serve(image);
        Optional<URI> url = byHttp ? Optional.of(images.url(image)) : Optional.empty();
        String slot = BootSector.of(router.disk()).spare();
        router.spoil(slot);
        int mark = operator.mark();
        String digest = router.desire(version, new Artifact(served.sha256(), served.size(), url));
        Update.Wish wish = new Update.Wish(RouterImages.name(version), digest, image, IMAGES.system(version, variant));
        return new Update(router, operator, wish, slot, mark);
    }

    private Recording recording() throws IOException {
        if (recorded.isEmpty()) {
            recorded = Optional.of(record());
        }
        return recorded.get();
    }

    /** An update with power cuts, and one that goes back. */
    private Recording record() throws IOException {
        Path own = Files.createTempDirectory(folder, "recorded");
        Recording recording = new Recording(own);
        try (Router router = new Router(IMAGES.disk(1), own, broker, operator)) {
            int mark = operator.mark();
            recording.switchOn(router);
            assertEquals("V1", router.online(mark).string("firmware"));
            Update second = want(router, SECOND, Variant.GOOD, true);
            for (Cut cut : THREE) {
                cut.await(second);
                router.cut();
                cut.assertInTime(second);
                Duration back = backOnline(second, cut, () -> recording.switchOn(router));
                // With --long there are more of these, and a test that tells of them all.
                if (!RecordedTable.IS_LONG) {
                    Interruptions.held(cut.interruption(), 1, back);
                }
            }
            second.endsApplied(second.mark());
            Update third = want(router, PANICKING, Variant.PANICS, true);
            Members end = router.end(third.mark(), third.digest());
            assertEquals("rolled-back", end.string("state"), third::story);
            assertEquals("V2", end.string("version"), third::story);
        }
        return recording;
    }
}

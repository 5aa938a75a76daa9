package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.ArtifactRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A firmware that a router was asked to take, watched from outside of the machine. */
final class Update {
    private static final int PIECE = 4096;

    private final Router router;
    private final Operator operator;
    private final Wish wish;
    private final String slot;
    private final int mark;
    private int heard;

    /**
     * What is asked for.
     *
     * @param version what people call it
     * @param digest of the document
     * @param image what is fetched
     * @param system what is written
     */
    record Wish(String version, String digest, Path image, Path system) {}

    /**
     * One that was asked for just now.
     *
     * @param slot where it is written
     * @param mark of the operator, from before it was asked for
     */
    Update(Router router, Operator operator, Wish wish, String slot, int mark) {
        this.router = router;
        this.operator = operator;
        this.wish = wish;
        this.slot = slot;
        this.mark = mark;
        this.heard = router.console().length();
    }

    /** Until it was asked for what follows this share of the image, over MQTT. */
    void awaitFetched(double share) throws IOException {
        long offset = Math.round(share * Files.size(wish.image()));
        await("a fetch from " + offset, () -> !operator.since(
                        mark,
                        message -> message.topic().equals(Router.DEVICE + "/artifact/get")
                                && ArtifactRequest.read(message.payload()).offset() >= offset)
                .isEmpty());
    }

    /** Until the disk has what lies at this share of the system. */
    void awaitWritten(double share) throws IOException {
        long at = Math.round(share * (Files.size(wish.system()) - PIECE));
        byte[] wanted = read(wish.system(), at);
        await(share + " of slot " + slot, () -> Arrays.equals(wanted, read(router.disk(), Router.slot(slot) + at)));
    }

    void awaitStep(String step) {
        router.report("the step " + step, mark, wish.digest(), report -> report.optionalString("step")
                .filter(step::equals)
                .isPresent());
    }

    void awaitApplied() {
        router.report(
                "applied", mark, wish.digest(), report -> report.string("state").equals("applied"));
    }

    /** Until the boot loader is to try it. */
    void awaitActivated() {
        await(
                "slot " + slot + " on trial",
                () -> BootSector.of(router.disk()).trying().filter(slot::equals).isPresent());
    }

    /** Until this was said on the console since it was asked for, or the router was switched on last. */
    void awaitSaid(String words) {
        await(words, () -> router.console().indexOf(words, heard) >= 0);
    }

    /** Until the router says, after that mark, that it is there. */
    void awaitOnline(int from) {
        router.online(from);
    }

    /** The power was cut. */
    void isCut() {
        heard = 0;
    }

    private void await(String what, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(Router.PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "waited for " + what + "; reports: " + router.reports(mark, wish.digest()) + "; console:\n"
                            + router.console(),
                    e);
        }
    }

    /** Waits for its end, which must be that it is applied, and nothing else may have been told of it before. */
    void endsApplied(int from) throws IOException {
        Members end = router.end(from, wish.digest());
        assertEquals("applied", end.string("state"), this::story);
        assertIsKept();
        assertTrue(
                told(message -> !List.of("applying", "waiting", "applied").contains(message.string("state")))
                        .isEmpty(),
                this::story);
        assertTrue(
                told(message -> message.string("state").equals("applied")
                                && !message.string("version").equals(wish.version()))
                        .isEmpty(),
                this::story);
    }

    /** It runs, and the boot loader keeps it. */
    void assertIsKept() throws IOException {
        BootSector sector = BootSector.of(router.disk());
        assertEquals(slot, sector.primary(), this::story);
        assertTrue(sector.trying().isEmpty(), sector::toString);
    }

    /** The boot loader started these slots since the power was cut, each as often as it took. */
    void assertStarted(List<String> slots) {
        assertEquals(slots, router.starts().stream().distinct().toList(), this::story);
    }

    /** The slot that it is written to. */
    String slot() {
        return slot;
    }

    /** It was fetched on from where it was: nothing asked for its beginning after that mark. */
    void assertFetchedOn(int from) {
        List<Long> offsets =
                operator.since(from, message -> message.topic().equals(Router.DEVICE + "/artifact/get")).stream()
                        .map(message -> ArtifactRequest.read(message.payload()).offset())
                        .toList();
        assertFalse(offsets.isEmpty() || offsets.contains(0L), () -> offsets + "\n" + story());
    }

    /** It came to that step after that mark. */
    void assertStep(String step, int from) {
        assertTrue(
                router.told(from, wish.digest()).stream()
                        .anyMatch(report -> report.optionalString("step").equals(Optional.of(step))),
                this::story);
    }

    /** Its system has not begun to run since it was asked for, or the router was switched on last. */
    void assertNotStarted() {
        assertTrue(router.console().indexOf(Router.SYSTEM_STARTS, heard) < 0, this::story);
    }

    /** Its gateway told nobody yet that it runs. */
    void assertSilent() {
        assertTrue(
                told(message -> message.string("version").equals(wish.version()))
                        .isEmpty(),
                this::story);
    }

    /** Whether nobody was told of any end yet. */
    boolean goesOn() {
        return told(message -> !List.of("applying", "waiting").contains(message.string("state")))
                .isEmpty();
    }

    private List<Members> told(Predicate<Members> fits) {
        return router.told(mark, wish.digest()).stream().filter(fits).toList();
    }

    int mark() {
        return mark;
    }

    String digest() {
        return wish.digest();
    }

    String story() {
        return router.told(mark, wish.digest()).stream().map(Members::values).toList() + "\n" + router.console();
    }

    private static byte[] read(Path file, long at) throws IOException {
        byte[] piece = new byte[PIECE];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(at);
            in.readFully(piece);
        }
        return piece;
    }

    /** Lets so much of a part go by, where nothing can be seen of it. */
    void passes(double seconds) {
        long until = System.nanoTime() + Math.round(seconds * TimeUnit.SECONDS.toNanos(1));
        await(seconds + " s", () -> System.nanoTime() >= until);
    }
}

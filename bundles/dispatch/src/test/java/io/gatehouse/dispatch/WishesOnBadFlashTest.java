package io.gatehouse.dispatch;

import static io.gatehouse.dispatch.Gateway.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.message.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be read is not taken to be removed, and what cannot be written is not forgotten. */
class WishesOnBadFlashTest {
    private static final String A = "dwr/311/7/desired/feature/a";
    private static final String B = "dwr/311/7/desired/feature/b";
    private static final String OTHER = "dwr/311/7/desired/firmware";

    @TempDir
    Path state;

    private Path folder;
    private Path fileOfA;
    private byte[] good;

    @BeforeEach
    void keepsThree() throws IOException {
        folder = state.resolve("desired");
        fileOfA = folder.resolve("dwr%2F311%2F7%2Fdesired%2Ffeature%2Fa");
        Gateway before = new Gateway(state);
        wish(before, A, "{\"spec\":1}");
        wish(before, B, "{\"spec\":2}");
        wish(before, OTHER, "{\"spec\":3}");
        good = Files.readAllBytes(fileOfA);
    }

    // --- what cannot be read

    @Test
    void fileThatCannotBeReadTakesNothingAwayAndHindersNoOtherResource() throws Exception {
        for (Spoiler spoiler : List.<Spoiler>of(
                file -> Files.write(file, new byte[0]),
                file -> Files.writeString(file, "{\"spe"),
                file -> Files.write(file, new byte[] {(byte) 0xff, 0, 0, 0}),
                file -> Files.writeString(file, "{}\n{\"spec\":1}"),
                file -> Files.write(file, Arrays.copyOf(good, good.length - 1)),
                file -> Files.writeString(file, new String(good, StandardCharsets.UTF_8).replace("spec", "sepc")),
                file -> Files.write(file, new byte[300_000]),
                WishesOnBadFlashTest::makeUnreadable)) {
            Files.deleteIfExists(fileOfA);
            spoiler.spoil(fileOfA);
            Gateway gateway = new Gateway(state);
            assertEquals(List.of(), ToldResource.at(gateway, "feature").told);
            assertEquals(List.of(OTHER), ToldResource.at(gateway, "firmware").lastTopics());
            Gateway.Said event = gateway.event();
            assertEquals("storage", event.name());
            assertEquals("unreadable", event.members().string("type"));
            assertEquals(fileOfA.toString(), event.members().string("file"));
            String detail = event.members().string("detail");
            assertTrue(detail.contains("published at " + A) && detail.contains("delete the file"), detail);
            assertEquals(0, gateway.events.size());
        }
    }

    @Test
    void freshDocumentTakesThePlaceOfAFileThatCannotBeRead() throws IOException {
        makeUnreadable(fileOfA);
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        wish(gateway, A, "{\"spec\":1}");
        assertEquals(List.of(A, B), feature.lastTopics());
        assertEquals(0, gateway.reports.size());
        assertEquals(
                List.of(A, B), ToldResource.at(new Gateway(state), "feature").lastTopics());
    }

    @Test
    void removalTakesAwayAFileThatCannotBeRead() throws IOException {
        Files.writeString(fileOfA, "");
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        wish(gateway, A, "{\"removed\":true}");
        assertEquals(List.of(B), feature.lastTopics());
        assertEquals(List.of(B), ToldResource.at(new Gateway(state), "feature").lastTopics());
    }

    @Test
    void whoeverPublishesForAResourceThatIsHeldUpIsToldWhatItWaitsFor() throws IOException {
        Files.writeString(fileOfA, "");
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        wish(gateway, B, "{\"spec\":22}");
        assertEquals(List.of(), feature.told);
        Members report = gateway.reports.remove().members();
        assertEquals("waiting", report.string("state"));
        assertTrue(report.object("desired").has(B));
        assertEquals("unreadable", report.object("problem").string("type"));
        assertTrue(report.object("problem").string("detail").contains(fileOfA.toString()));
        wish(gateway, A, "{\"spec\":1}");
        assertEquals(22L, feature.last().get(1).spec(), "it was kept meanwhile");
    }

    @Test
    void fileThatCanBeReadAgainIsTakenUpWithoutARestart() throws IOException {
        makeUnreadable(fileOfA);
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        gateway.pass(Wishes.AGAIN);
        assertEquals(List.of(), feature.told);
        Files.delete(fileOfA);
        Files.write(fileOfA, good);
        gateway.pass(Wishes.AGAIN);
        assertEquals(1, feature.told.size());
        assertEquals(List.of(A, B), feature.lastTopics());
        assertEquals(1, gateway.events.size(), "said once");
        assertEquals(0, gateway.alarms(), "nothing is left to try again");
    }

    @Test
    void fileThatSomebodyDeletedHoldsUpNothingAnyMore() throws IOException {
        makeUnreadable(fileOfA);
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        Files.delete(fileOfA);
        gateway.pass(Wishes.AGAIN);
        assertEquals(List.of(B), feature.lastTopics());
    }

    @Test
    void folderThatCannotBeReadTakesNothingAway() throws Exception {
        Path aside = Files.move(folder, state.resolve("aside"));
        makeUnreadable(folder);
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        assertEquals(List.of(), feature.told);
        assertEquals(folder.toString(), gateway.event().members().string("file"));
        wish(gateway, A, "{\"removed\":true}");
        assertEquals("not-kept", problem(gateway), "it may be there");
        Files.delete(folder);
        Files.move(aside, folder);
        gateway.pass(Wishes.AGAIN);
        assertEquals(List.of(B), feature.lastTopics());
    }

    @Test
    void fileOfAnotherPlacesWishHoldsUpNothing() throws IOException {
        Files.writeString(folder.resolve("world%2Feurope%2Fdesired%2Ffeature%2Fx"), "");
        Gateway gateway = new Gateway(state);
        assertEquals(List.of(A, B), ToldResource.at(gateway, "feature").lastTopics());
        assertEquals(0, gateway.events.size());
    }

    // --- what cannot be written

    @Test
    void whatCannotBeWrittenIsTriedAgainAndToldWhenItIsKept() throws Exception {
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        makeUnwritable();
        wish(gateway, A, "{\"spec\":11}");
        Members report = gateway.reports.remove().members();
        assertEquals("failed", report.string("state"));
        assertEquals("not-kept", report.object("problem").string("type"));
        assertTrue(report.object("problem").string("detail").contains(fileOfA.toString()));
        Gateway.Said event = gateway.event();
        assertEquals("storage", event.name());
        assertEquals("not-kept", event.members().string("type"));
        assertEquals(fileOfA.toString(), event.members().string("file"));
        gateway.pass(Wishes.AGAIN);
        assertEquals(1, feature.told.size(), "told of nothing that a power cut would undo");
        makeWritable();
        gateway.pass(Wishes.AGAIN);
        assertEquals(2, feature.told.size());
        assertEquals(11L, feature.last().get(0).spec());
        assertEquals("{\"spec\":11}", payload(fileOfA));
        assertEquals(0, gateway.alarms());
        assertEquals(0, gateway.events.size(), "said once");
    }

    @Test
    void whatCameBeforeIsTakenAgainWhileSomethingNewerIsNotWritten() throws IOException {
        Gateway gateway = new Gateway(state);
        makeUnwritable();
        wish(gateway, A, "{\"spec\":11}");
        makeWritable();
        wish(gateway, A, "{\"spec\":1}");
        gateway.pass(Wishes.AGAIN);
        assertEquals(1L, ToldResource.at(gateway, "feature").last().get(0).spec(), "the last that was accepted");
    }

    @Test
    void whatIsRemovedBeforeItWasWrittenNeverIs() throws IOException {
        Gateway gateway = new Gateway(state);
        makeUnwritable();
        wish(gateway, "dwr/desired/feature/c", "{\"spec\":3}");
        wish(gateway, "dwr/desired/feature/c", "{\"removed\":true}");
        makeWritable();
        gateway.pass(Wishes.AGAIN);
        assertEquals(List.of(A, B), ToldResource.at(gateway, "feature").lastTopics());
    }

    @Test
    void whatIsWrittenForAnotherResourceIsNotHeldUpByWhatIsNot() throws IOException {
        Gateway gateway = new Gateway(state);
        ToldResource firmware = ToldResource.at(gateway, "firmware");
        makeUnwritable();
        wish(gateway, A, "{\"spec\":11}");
        makeWritable();
        wish(gateway, OTHER, "{\"spec\":33}");
        assertEquals(33L, firmware.last().get(0).spec());
    }

    /** Whoever comes after it may have written something newer by then. */
    @Test
    void dispatcherThatStoppedWritesNothingMore() throws IOException {
        Gateway gateway = new Gateway(state);
        makeUnwritable();
        wish(gateway, A, "{\"spec\":11}");
        gateway.dispatcher.deactivate();
        makeWritable();
        gateway.pass(Wishes.AGAIN);
        assertEquals("{\"spec\":1}", payload(fileOfA));
        assertEquals(0, gateway.alarms());
    }

    @Test
    void failedWriteLeavesNoHalfFile() throws IOException {
        Gateway gateway = new Gateway(state);
        Files.delete(fileOfA);
        Files.createDirectories(fileOfA.resolve("in the way"));
        wish(gateway, A, "{\"spec\":11}");
        assertEquals("not-kept", problem(gateway));
        assertFalse(Files.exists(folder.resolve(".new")));
    }

    @Test
    void brokerThatBringsItAgainRestoresAFileThatIsLost() throws IOException {
        Files.delete(fileOfA);
        Gateway gateway = new Gateway(state);
        ToldResource feature = ToldResource.at(gateway, "feature");
        wish(gateway, A, "{\"spec\":1}");
        wish(gateway, B, "{\"spec\":2}");
        assertEquals(2, feature.told.size(), "not told of what it has already");
        assertEquals(List.of(A, B), feature.lastTopics());
        assertEquals("{\"spec\":1}", payload(fileOfA));
    }

    private interface Spoiler {
        void spoil(Path file) throws IOException;
    }

    /** Also for a user who may read everything: a link to itself. */
    private static void makeUnreadable(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createSymbolicLink(file, file);
    }

    /** Also for a user who may write everywhere: where each new file is written, something lies in the way. */
    private void makeUnwritable() throws IOException {
        Files.createDirectories(folder.resolve(".new/in the way"));
    }

    private void makeWritable() throws IOException {
        Files.delete(folder.resolve(".new/in the way"));
        Files.delete(folder.resolve(".new"));
    }

    private static String payload(Path file) throws IOException {
        byte[] payload =
                KeptWish.read(Files.readAllBytes(file)).wish().orElseThrow().payload();
        return new String(payload, StandardCharsets.UTF_8);
    }

    private static String problem(Gateway gateway) {
        return gateway.reports.remove().members().object("problem").string("type");
    }

    private static void wish(Gateway gateway, String topic, String payload) {
        gateway.receive(Message.json(topic, bytes(payload)).retained());
    }
}

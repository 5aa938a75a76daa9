package io.gatehouse.acceptance;

/** What comes between while a router takes a firmware, in the order of the page. */
enum Interruption implements RecordedTable.Row {
    FETCHING("power cut while it fetches", "goes on from where it was", When.LONG, Names.THIRTY),
    INSTALLING("power cut while the other slot is written", "writes it anew", When.ALWAYS, Names.THREE),
    RESTARTING(
            "power cut when it is activated, or while the machine goes down",
            "starts the new system; before it is activated, writes it anew",
            When.ALWAYS,
            Names.THREE),
    IN_GRUB("power cut in GRUB, which has counted the start", "starts the new system again", When.LONG, Names.THIRTY),
    IN_KERNEL(
            "power cut in the kernel of the new system, or in its initrd",
            "starts the new system again",
            When.LONG,
            Names.THIRTY),
    IN_SYSTEM(
            "power cut while the new system's gateway starts", "starts the new system again", When.LONG, Names.THIRTY),
    ON_TRIAL("power cut while the new system proves itself", "has it prove itself anew", When.ALWAYS, Names.THREE),
    KEPT("power cut the moment that `applied` is told", "stays with it: it is kept by then", When.LONG, Names.THIRTY),
    NINE_CUTS(
            "power cut in each of the nine starts on trial, three in each of three rounds",
            "goes back after each third, tries again, and gives it up after the ninth",
            When.LONG,
            "RouterCutsTest.givesUpWhatDidNotProveItselfInNineStarts"),
    SECTOR_WRITTEN(
            "power cut after each write to the boot loader's sector, of an update with three cuts and of one that goes back",
            "starts the slot that the sector says",
            When.ALWAYS,
            "RouterCutsTest.startsAfterEachWriteToItsBootSectorAlsoWhereThatIsDamaged"),
    SECTOR_DAMAGED(
            "that sector is garbage, at such a moment",
            "starts the slot that its copy says",
            When.ALWAYS,
            "RouterCutsTest.startsAfterEachWriteToItsBootSectorAlsoWhereThatIsDamaged"),
    EACH_CALL(
            "gateway killed before and after each write of what it is about, and each call of an engine, of a firmware that is well",
            "takes it in the end",
            When.ELSEWHERE,
            "PowerCutTest.whereverThePowerIsCutTheFirmwareIsTakenInTheEnd"),
    EACH_CALL_UNWELL(
            "the same, of one that is not well",
            "goes back in the end",
            When.ELSEWHERE,
            "PowerCutTest.whereverThePowerIsCutWhatIsNotWellIsLeftInTheEnd"),
    NOTHING("none", "keeps what proves itself", When.ALWAYS, Names.STORY),
    ASKED_WHILE_OFF("asked for while it is off", "takes it when it is on", When.ALWAYS, Names.STORY),
    PANICS("the new kernel panics in each start", "goes back, with the kernel's words", When.ALWAYS, Names.STORY),
    NO_BROKER("the new system does not reach the broker", "goes back, with its log", When.ALWAYS, Names.STORY);

    private final String what;
    private final String answer;
    private final When when;
    private final String test;

    /** Who tries it. */
    private enum When {
        ALWAYS,
        LONG,
        ELSEWHERE
    }

    private static final class Names {
        static final String STORY = "FirmwareStoryTest.goesForwardWhenItProvesItselfAndBackWhenItDoesNot";
        static final String THREE = "RouterCutsTest.takesAFirmwareThoughThePowerIsCutThreeTimes";
        static final String THIRTY = "RouterCutsTest.takesAFirmwareAtWhicheverMomentThePowerIsCut";
    }

    Interruption(String what, String answer, When when, String test) {
        this.what = what;
        this.answer = answer;
        this.when = when;
        this.test = test;
    }

    @Override
    public String title() {
        return what + " | " + answer;
    }

    @Override
    public String test() {
        return test;
    }

    @Override
    public String unrecorded() {
        return when == When.ELSEWHERE ? "each time" : RecordedTable.NOTHING;
    }

    /** Whether {@code ./dev test} writes what came of it. */
    boolean isAlwaysTried() {
        return when == When.ALWAYS;
    }

    /** Whether another module's test holds it, each time, and writes nothing. */
    boolean isHeldElsewhere() {
        return when == When.ELSEWHERE;
    }
}

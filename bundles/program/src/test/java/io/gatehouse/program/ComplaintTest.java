package io.gatehouse.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ComplaintTest {
    private static final List<Complaint> KINDS = List.of(
            new Complaint("full", Pattern.compile("^.*?(no room.*)$", Pattern.MULTILINE)),
            new Complaint("bad", Pattern.compile("^(.*wrong.*)$", Pattern.MULTILINE)));

    @Test
    void isTheFirstOfTheKindsWhicheverWasSaidFirst() {
        assertEquals(
                Optional.of(new Complaint.Heard("full", "no room on /x")),
                Complaint.first(KINDS, "all is wrong\nERROR: no room on /x \nand more"));
        assertEquals(
                Optional.of(new Complaint.Heard("bad", "all is wrong")), Complaint.first(KINDS, "so\nall is wrong\n"));
        assertEquals(Optional.empty(), Complaint.first(KINDS, "all is well"));
    }

    @Test
    void needsToKnowWhatIsPassedOn() {
        Pattern none = Pattern.compile("no room");
        assertThrows(IllegalArgumentException.class, () -> new Complaint("full", none));
    }
}

package io.gatehouse.tasks.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DnsAnswerTest {
    private static final DnsQuestion ASKED = new DnsQuestion(0x1234, "a.Example", DnsQuestion.Type.A);
    private static final String QUESTION = "0161" + "076578616d706c65" + "00" + "0001" + "0001";

    @Test
    void asksAsTheStandardSays() {
        assertEquals(
                "1234" + "0100" + "0001" + "0000" + "0000" + "0000" + "0161" + "074578616d706c65" + "00" + "0001"
                        + "0001",
                HexFormat.of().formatHex(ASKED.bytes()));
    }

    @Test
    void followsNamesToAddressesAndLeavesOutWhatNobodyAskedFor() throws Exception {
        DnsAnswer answer = read("1234" + "8180" + "0001" + "0004" + "0000" + "0000" + QUESTION
                + "c00c" + "0005" + "0001" + "0000003c" + "0004" + "0162c00e" // a.example is b.example
                + "c027" + "0001" + "0001" + "0000001e" + "0004" + "c0000201" // b.example is at 192.0.2.1
                + "0163c00e" + "0001" + "0001" + "0000001e" + "0004" + "c0000263" // c.example: nobody asked
                + "c027" + "001c" + "0001" + "0000001e" + "0010" + "00".repeat(16)); // neither for this
        assertEquals(0, answer.code());
        assertEquals(
                List.of(new DnsRecord("CNAME", "b.example", 60), new DnsRecord("A", "192.0.2.1", 30)),
                answer.records());
    }

    @Test
    void tellsANameOfAnyBytesWithoutPassingThemOn() throws Exception {
        DnsAnswer answer = read("1234" + "8180" + "0001" + "0001" + "0000" + "0000" + QUESTION + "c00c" + "0005"
                + "0001" + "ffffffff" + "0006" + "041b5b2e00" + "00");
        assertEquals(List.of(new DnsRecord("CNAME", "\\027\\091\\046\\000", 0)), answer.records());
    }

    @Test
    void readsHowAServerSaysNo() throws Exception {
        assertEquals(
                3,
                read("1234" + "8183" + "0001" + "0000" + "0000" + "0000" + QUESTION)
                        .code());
        assertFalse(read("1234" + "8183" + "0001" + "0000" + "0000" + "0000" + QUESTION)
                .isCut());
        assertTrue(read("1234" + "8380" + "0001" + "0009" + "0000" + "0000" + QUESTION)
                .isCut());
    }

    @ParameterizedTest
    @CsvSource({
        "1235 8180 0001 0000 0000 0000 0161076578616d706c6500 0001 0001, it is no answer to what was asked",
        "1234 0180 0001 0000 0000 0000 0161076578616d706c6500 0001 0001, it is no answer to what was asked",
        "1234 8180 0000 0000 0000 0000, it is no answer to what was asked",
        "1234 8180 0001 0000 0000 0000 0162076578616d706c6500 0001 0001, it answers another question",
        "1234 8180 0001 0000 0000 0000 0161076578616d706c6500 001c 0001, it answers another question",
        "1234 8180 0001 0000 0000 0000 c00c 0001 0001, a name is continued by itself or behind it",
        "1234 8180 0001 0000 0000 0000 c00e c00c 0001 0001, a name is continued by itself or behind it",
        "1234 8180 0001 0000 0000 0000 7f61, a name is longer than it may be",
        "1234 8180 0001 0001 0000 0000 0161076578616d706c6500 0001 0001, it ends too early",
        "1234 8180 0001 0101 0000 0000 0161076578616d706c6500 0001 0001, it has 257 records",
        "1234 8180 0001 0001 0000 0000 0161076578616d706c6500 0001 0001 c00c 0001 0001 00000000 0005 0000000000,"
                + " it has an address of 5 bytes",
        "1234 8180 0001 0001 0000 0000 0161076578616d706c6500 0001 0001 c00c 0001 0001 00000000 ffff 00000000,"
                + " it ends too early",
        "12, it ends too early"
    })
    void saysWhatIsWrongWithAPacket(String hex, String message) {
        DnsAnswer.Malformed e = assertThrows(DnsAnswer.Malformed.class, () -> read(hex.replace(" ", "")));
        assertEquals(message, e.getMessage());
    }

    private static DnsAnswer read(String hex) throws DnsAnswer.Malformed {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return DnsAnswer.read(bytes, bytes.length, ASKED);
    }
}

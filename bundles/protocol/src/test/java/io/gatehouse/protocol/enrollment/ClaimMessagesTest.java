package io.gatehouse.protocol.enrollment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Problem;
import io.gatehouse.protocol.Pem;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimMessagesTest {
    @Test
    void requestIsReadAsItWasWritten() {
        byte[] request = new byte[200];
        request[7] = -3;
        ClaimRequest read = ClaimRequest.read(new ClaimRequest(request, Optional.of("code")).write());
        assertArrayEquals(request, read.request());
        assertEquals(Optional.of("code"), read.mac());
        assertEquals(
                Optional.empty(),
                ClaimRequest.read(new ClaimRequest(request, Optional.empty()).write())
                        .mac());
    }

    @Test
    void answersAreReadAsTheyWereWritten() {
        ClaimAnswer issued = new ClaimAnswer.Issued(Pem.write(Pem.CERTIFICATE, new byte[3]));
        assertEquals(issued, ClaimAnswer.read(issued.write()));
        ClaimAnswer refused = new ClaimAnswer.Refused(new Problem("used-token", "it was used"));
        assertEquals(refused, ClaimAnswer.read(refused.write()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"csr\":\"\"}",
                "{\"csr\":7}",
                "{\"csr\":\"-----BEGIN CERTIFICATE REQUEST-----A-----END CERTIFICATE REQUEST-----\"}",
                "{\"csr\":\"-----BEGIN CERTIFICATE-----AAAA-----END CERTIFICATE-----\"}",
                "{\"csr\":\"-----BEGIN CERTIFICATE REQUEST-----AAAA-----END CERTIFICATE REQUEST-----\",\"mac\":1}",
            })
    void refusesWhatIsNoRequest(String payload) {
        assertThrows(BadArgument.class, () -> ClaimRequest.read(payload.getBytes(UTF_8)));
    }

    @Test
    void refusesARequestThatIsTooLarge() {
        byte[] large = new ClaimRequest(new byte[20_000], Optional.empty()).write();
        assertThrows(BadArgument.class, () -> ClaimRequest.read(large));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"certificate\":7}", "{\"problem\":{}}", "[]"})
    void refusesWhatIsNoAnswer(String payload) {
        assertThrows(BadArgument.class, () -> ClaimAnswer.read(payload.getBytes(UTF_8)));
    }

    @Test
    void pemOfManyIsReadInOrder() {
        String text = "leaf\n" + Pem.write("X", new byte[] {1}) + Pem.write("Y", new byte[] {2})
                + Pem.write("X", new byte[] {3});
        List<byte[]> found = Pem.read("X", text);
        assertEquals(2, found.size());
        assertArrayEquals(new byte[] {3}, found.get(1));
    }
}

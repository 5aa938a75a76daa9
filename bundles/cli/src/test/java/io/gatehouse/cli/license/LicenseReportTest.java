package io.gatehouse.cli.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.license.License;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code D/reported/license}. */
final class LicenseReportTest {
    private static LicenseReport report(String members) {
        String json = "{\"state\":\"applied\"," + members.replace('\'', '"') + "}";
        return LicenseReport.read(Message.json("dwr/311-a1/7/reported/license", json.getBytes(StandardCharsets.UTF_8)))
                .orElseThrow();
    }

    @Test
    void readsWhichLicenseStandsHow() {
        LicenseReport report = report("'licenses':[{'name':'rain','iss':'acme','jti':'rain-1','seq':3,'state':'grace',"
                + "'features':{'com.acme.rain':{}}},{'name':'snow','state':'refused','problem':{'type':'malformed'}}]");
        LicenseReport.Entry rain = report.license("rain").orElseThrow();
        assertEquals(Optional.of(new LicenseReport.Issue(new License.Id("acme", "rain-1"), 3)), rain.issue());
        assertEquals(List.of("com.acme.rain"), rain.features());
        assertTrue(rain.isInForce());
        LicenseReport.Entry snow = report.license("snow").orElseThrow();
        assertEquals(Optional.empty(), snow.issue());
        assertFalse(snow.isInForce());
        assertEquals(Optional.empty(), report.license("ice"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'licenses':[{'name':'rain'}]",
                "'licenses':[7]",
                "'revocations':[{'iss':'acme','seq':-1,'state':'applied'}]",
                "'unlicensed':7",
                "'hardware':[7]",
            })
    void onePartThatIsNotUnderstoodIsFoundWhenItIsRead(String members) {
        assertThrows(BadArgument.class, () -> report(members));
    }
}

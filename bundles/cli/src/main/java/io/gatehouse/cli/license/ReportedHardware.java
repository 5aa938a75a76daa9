package io.gatehouse.cli.license;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Report;
import io.gatehouse.cli.fleet.Trouble;
import java.util.List;

/** The fingerprints that a device reported. */
public final class ReportedHardware {
    private ReportedHardware() {}

    /** Topic filter of it. */
    public static String filter(String device) {
        return device + "/" + Report.topic(LicenseReport.RESOURCE);
    }

    /**
     * Reads them.
     *
     * @param fleet connected by {@link #filter}
     * @throws Trouble if the device has not reported any
     */
    public static List<String> of(String device, Fleet fleet) throws Trouble, InterruptedException {
        for (Message message : Delivery.kept(fleet)) {
            try {
                List<String> prints =
                        LicenseReport.read(message).map(LicenseReport::hardware).orElse(List.of());
                if (!prints.isEmpty()) {
                    return prints;
                }
            } catch (BadArgument e) {
                throw new Trouble(
                        Trouble.Kind.NO_ANSWER, "not understood: " + message.topic() + ": " + e.getMessage(), e);
            }
        }
        throw new Trouble(
                Trouble.Kind.NO_ANSWER,
                device + " has reported no fingerprints at " + fleet.broker()
                        + ": it must have been there once, with a kernel that knows numbers of its hardware");
    }
}

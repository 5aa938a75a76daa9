package io.gatehouse.cli.fleet;

import io.gatehouse.api.command.Members;
import io.gatehouse.cli.screen.Plain;
import java.util.List;

/**
 * Why a device leaves a feature out, and applies the rest.
 *
 * @param bundle the symbolic name of the one that needs the license
 * @param license the licensed feature's name
 * @param isCertain whether the license is lacking, and not only unknown to be there
 */
public record LeftOut(String bundle, String license, boolean isCertain) {
    /** The member of reports and plans that has these. */
    private static final String MEMBER = "unlicensed";

    /**
     * Those of what is wanted at this topic.
     *
     * @throws io.gatehouse.api.command.BadArgument where one is none
     */
    public static List<LeftOut> in(Members reportOrPlan, String topic) {
        return reportOrPlan.objects(MEMBER).stream()
                .filter(one -> one.string("topic").equals(topic))
                .map(one -> new LeftOut(one.string("bundle"), one.string("license"), !one.has("problem")))
                .toList();
    }

    /** In an operator's words. */
    public String words() {
        return Plain.safe(bundle) + " needs the license " + Plain.safe(license)
                + (isCertain
                        ? ", which this device does not have; it is installed by itself when the license comes"
                        : ", and nothing on this device has told yet which licenses it has");
    }
}

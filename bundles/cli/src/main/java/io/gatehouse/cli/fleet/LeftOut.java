package io.gatehouse.cli.fleet;

import io.gatehouse.api.command.Members;
import io.gatehouse.cli.screen.Plain;
import java.util.List;
import java.util.Optional;

/**
 * Why a device leaves a feature out, and applies the rest.
 *
 * @param topic where it is wanted
 * @param feature its id
 * @param bundle the symbolic name of the one that needs the license, or what the feature {@code through} brings
 * @param license the licensed feature's name
 * @param through the id of the feature that needs the license, where it is another
 * @param isCertain whether the license is lacking, and not only unknown to be there
 */
public record LeftOut(
        String topic, String feature, String bundle, String license, Optional<String> through, boolean isCertain) {
    /** The member of reports and plans that has these. */
    private static final String MEMBER = "unlicensed";

    /**
     * All of them.
     *
     * @throws io.gatehouse.api.command.BadArgument where one is none
     */
    public static List<LeftOut> in(Members reportOrPlan) {
        return reportOrPlan.objects(MEMBER).stream().map(LeftOut::read).toList();
    }

    /**
     * Those of what is wanted at this topic.
     *
     * @throws io.gatehouse.api.command.BadArgument where one is none
     */
    public static List<LeftOut> in(Members reportOrPlan, String topic) {
        return in(reportOrPlan).stream()
                .filter(one -> one.topic().equals(topic))
                .toList();
    }

    private static LeftOut read(Members one) {
        return new LeftOut(
                one.string("topic"),
                one.string("feature"),
                one.string("bundle"),
                one.string("license"),
                one.optionalString("through"),
                !one.has("problem"));
    }

    /** In an operator's words. */
    public String words() {
        return Plain.safe(bundle)
                + through.map(other -> " needs the feature " + Plain.safe(other) + ", and that the license ")
                        .orElse(" needs the license ")
                + Plain.safe(license)
                + (isCertain
                        ? ", which this device does not have; it is installed by itself when the license comes"
                        : ", and nothing on this device has told yet which licenses it has");
    }
}

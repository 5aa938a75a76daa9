package io.gatehouse.cli.ca;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.enrollment.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who may do what at a broker, as mosquitto reads it (mosquitto.conf(5), acl_file). */
public final class AccessList {
    private static final Pattern USER = Pattern.compile("[!-~]+");

    private AccessList() {}

    /**
     * A device and what it needs.
     *
     * @param place where it stands
     */
    public record Member(DeviceName device, Optional<String> place) {
        public Member {
            device.scopes(place); // throws where the place is none
        }

        /**
         * Reads {@code DEVICE} or {@code DEVICE@PLACE}.
         *
         * @throws Trouble if it is neither
         */
        public static Member read(String text) throws Trouble {
            int at = text.indexOf('@');
            try {
                return new Member(
                        DeviceName.parse(at < 0 ? text : text.substring(0, at)),
                        at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1)));
            } catch (IllegalArgumentException e) {
                throw new Trouble(Trouble.Kind.USAGE, String.valueOf(e.getMessage()), e);
            }
        }
    }

    /**
     * For the broker of the fleet, where each device is known by its certificate's name.
     *
     * @throws Trouble if an operator's name will not do
     */
    public static List<String> fleet(List<Member> members, List<String> operators) throws Trouble {
        List<String> lines = new ArrayList<>();
        for (String operator : operators) {
            if (!USER.matcher(operator).matches()) {
                throw new Trouble(Trouble.Kind.USAGE, "a user's name has no blanks: \"" + operator + "\"");
            }
            lines.addAll(List.of("user " + operator, "topic readwrite #", ""));
        }
        for (Member member : members) {
            lines.addAll(of(member));
            lines.add("");
        }
        return lines;
    }

    /** For a broker, or a listener of one, where devices without a certificate claim theirs. */
    public static List<String> claims(List<String> operators) throws Trouble {
        List<String> lines = new ArrayList<>(List.of(
                "# Who did not say who they are.",
                "topic write " + Token.CLAIMS,
                "topic read " + Token.answerTopic(Token.CLAIMS),
                ""));
        lines.addAll(fleet(List.of(), operators));
        return lines;
    }

    private static List<String> of(Member member) {
        String name = member.device().toString();
        List<String> lines = new ArrayList<>(List.of("user " + name, "topic readwrite " + name + "/#"));
        for (String scope : member.device().scopes(member.place())) {
            if (!scope.equals(name)) {
                Topic.filters(scope).forEach(filter -> lines.add("topic read " + filter));
            }
        }
        member.place().ifPresent(place -> lines.add("topic write " + place + "/+"));
        lines.add("topic write reply/#");
        return lines;
    }
}

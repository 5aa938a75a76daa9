package io.gatehouse.cli.firmware;

import io.gatehouse.cli.fleet.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The shares of the devices that take part, one after another.
 *
 * @param percents each from 1 to 100 and more than the one before
 */
public record Steps(List<Integer> percents) {
    public Steps {
        percents = List.copyOf(percents);
    }

    /**
     * Reads them as people write them: {@code 1,10,50,100}.
     *
     * @throws Trouble that names the step that will not do
     */
    public static Steps parse(String text) throws Trouble {
        List<Integer> percents = new ArrayList<>();
        int before = 0;
        for (String word : text.split(",", -1)) {
            int percent = percent(word.strip().replaceFirst("\\s*%$", ""), text);
            if (percent <= before) {
                throw wrong(
                        "each step must be more than the one before, and " + percent + " comes after " + before, text);
            }
            percents.add(percent);
            before = percent;
        }
        return new Steps(percents);
    }

    private static int percent(String word, String text) throws Trouble {
        if (!word.matches("[0-9]{1,3}") || Integer.parseInt(word) < 1 || Integer.parseInt(word) > 100) {
            throw wrong("a step is a whole number of percent from 1 to 100: \"" + word + "\"", text);
        }
        return Integer.parseInt(word);
    }

    private static Trouble wrong(String why, String text) {
        return new Trouble(Trouble.Kind.USAGE, "--steps " + text + ": " + why + "; for example --steps 1,10,50,100");
    }

    /** The next wider one. */
    Optional<Integer> after(int percent) {
        return percents.stream().filter(step -> step > percent).findFirst();
    }

    /** Which of them a share has come to, from 1 on; 0 where it is narrower than the first. */
    int number(int percent) {
        return (int) percents.stream().filter(step -> step <= percent).count();
    }
}

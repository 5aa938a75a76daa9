package io.gatehouse.protocol;

import java.util.List;
import java.util.Optional;

/** A topic at which a message to devices is published: what it is for, and to whom. */
public sealed interface Topic permits Topic.Desired, Topic.Command {
    /** Whom it is addressed to: a place, a family, a model or a device. */
    String scope();

    /** {@code S/desired/<resource>[/<name>]}. */
    record Desired(String scope, String resource, Optional<String> name) implements Topic {
        @Override
        public String toString() {
            return scope + "/desired/" + resource + name.map(n -> "/" + n).orElse("");
        }
    }

    /** {@code S/cmd/<name>}. */
    record Command(String scope, String name) implements Topic {
        @Override
        public String toString() {
            return scope + "/cmd/" + name;
        }
    }

    /** Topic filters of all that is published to this scope. */
    static List<String> filters(String scope) {
        return List.of(scope + "/desired/#", scope + "/cmd/+");
    }

    /** Reads a topic; nothing where it is neither of the two. */
    static Optional<Topic> parse(String text) {
        if (text.length() > Names.LONGEST_PATH) {
            return Optional.empty();
        }
        List<String> levels = List.of(text.split("/", -1));
        if (levels.contains("")) {
            return Optional.empty();
        }
        for (int at = 1; at < levels.size(); at++) {
            Optional<Topic> topic = read(levels.get(at), levels.subList(0, at), levels.subList(at + 1, levels.size()));
            if (topic.isPresent()) {
                return topic;
            }
        }
        return Optional.empty();
    }

    /** By what stands between scope and name; a topic may have thousands of levels, so nothing is made before it is one. */
    private static Optional<Topic> read(String kind, List<String> scope, List<String> rest) {
        if (kind.equals("desired") && (rest.size() == 1 || rest.size() == 2)) {
            Optional<String> name = rest.size() == 2 ? Optional.of(rest.get(1)) : Optional.empty();
            return Optional.of(new Desired(String.join("/", scope), rest.get(0), name));
        }
        if (kind.equals("cmd") && rest.size() == 1) {
            return Optional.of(new Command(String.join("/", scope), rest.get(0)));
        }
        return Optional.empty();
    }
}

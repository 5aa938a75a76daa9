package io.gatehouse.images;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A root of its own for a program, with the /proc and /dev that every system has; the mounts go with the program. */
final class OwnRoot {
    private static final String ENTER = """
            root=$1; user=$2; shift 2
            mkdir -p "$root/proc" "$root/dev"
            mount --rbind /proc "$root/proc"
            mount --rbind /dev "$root/dev"
            exec chroot "--userspec=$user" "$root" "$@"
            """;

    private OwnRoot() {}

    /** The command line that runs this one in the root, as the user, for example {@code 990:990}. */
    static List<String> command(Path root, String user, List<String> command) {
        List<String> line = new ArrayList<>(List.of(
                "unshare", "--mount", "--propagation", "private", "sh", "-euc", ENTER, "sh", root.toString(), user));
        line.addAll(command);
        return line;
    }
}

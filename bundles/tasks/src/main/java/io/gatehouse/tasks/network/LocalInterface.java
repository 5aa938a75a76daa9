package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.net.NetworkInterface;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An interface of this machine to a network.
 *
 * @param name as the kernel has it: at most 15 characters, and nothing that some program could take for an option
 */
record LocalInterface(String name) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}");

    LocalInterface {
        if (!isName(name)) {
            throw new IllegalArgumentException("not the name of an interface: " + name);
        }
    }

    /** The interface that this argument names, which is there. */
    static LocalInterface of(Members arguments, String member) throws IOException {
        String name = arguments.string(member);
        if (!isName(name) || NetworkInterface.getByName(name) == null) {
            String there = NetworkInterface.networkInterfaces()
                    .map(NetworkInterface::getName)
                    .sorted()
                    .collect(Collectors.joining(", "));
            throw arguments.wrong(member, name, "an interface of this device (" + there + ")");
        }
        return new LocalInterface(name);
    }

    static boolean isName(String text) {
        return FORM.matcher(text).matches();
    }
}

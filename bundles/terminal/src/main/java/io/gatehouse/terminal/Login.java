package io.gatehouse.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Whose shell it is.
 *
 * @param command the program and its arguments
 * @param user whose it is; empty for the gateway's own
 * @param environment what is set beside the usual
 */
record Login(List<String> command, String user, Map<String, String> environment) {
    /**
     * What a shell starts in the background ignores Ctrl-C, and so does all that it starts: a gateway too, where a script
     * supervises it. No shell can take that back, but env of the coreutils can.
     */
    private static final String HEARD = "heard='env --default-signal=INT,QUIT'; $heard true 2>/dev/null || heard=; ";

    private static final Pattern USER = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    Login {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        if (command.isEmpty() || !command.get(0).startsWith("/")) {
            throw new IllegalArgumentException("command must begin with a program's absolute path: " + command);
        }
        if (!user.isEmpty() && !USER.matcher(user).matches()) {
            throw new IllegalArgumentException("user must be a user's name: " + user);
        }
        environment.keySet().stream()
                .filter(name -> !NAME.matcher(name).matches())
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("environment must name variables, as NAME=value: " + name);
                });
    }

    /** Whose processes these will be. */
    String owner() {
        return user.isEmpty() ? System.getProperty("user.name", "") : user;
    }

    /**
     * What a POSIX shell in the PTY runs to become the program: it makes the terminal what it should be, says its process number in
     * one line, and goes on as the program.
     */
    String script(Size size) {
        List<String> words = new ArrayList<>();
        String owns = "";
        if (!user.isEmpty()) {
            // as login does, so that what opens the terminal by its name may
            owns = "chown " + user + " /dev/stdin 2>/dev/null; ";
            // behind the user's name all is for the shell: given to su itself, -c would take the terminal away from the
            // session
            words.addAll(List.of("su", "-s", "/bin/sh", "--", user, "-c", "cd; exec \"$0\" \"$@\""));
        }
        words.addAll(command);
        return "stty sane rows " + size.rows() + " columns " + size.columns() + " && { " + owns
                + "stty iutf8 2>/dev/null; export SHELL=" + quoted(command.get(0)) + "; " + HEARD
                + "echo $$; exec $heard "
                + String.join(" ", words.stream().map(Login::quoted).toList()) + "; }";
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}

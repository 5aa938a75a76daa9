package io.gatehouse.terminal;

/** Processes of this test run: their command lines are nobody else's on this machine. */
final class Own {
    private Own() {}

    /** A program with one number, to which this process's own is added as a fraction. */
    static String command(String program, int number) {
        return program + " " + number + "." + ProcessHandle.current().pid();
    }

    /** How many processes have this command line, but for the program's folder. */
    static int running(String command) {
        return (int) ProcessHandle.allProcesses()
                .map(ProcessHandle::info)
                .filter(info -> {
                    String name = info.command().orElse("");
                    String arguments = String.join(" ", info.arguments().orElse(new String[0]));
                    return command.equals(name.substring(name.lastIndexOf('/') + 1) + " " + arguments);
                })
                .count();
    }

    /** How many processes that this one began, or those in turn, are of this program. */
    static int descendants(String program) {
        return (int) ProcessHandle.current()
                .descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/" + program))
                .count();
    }
}

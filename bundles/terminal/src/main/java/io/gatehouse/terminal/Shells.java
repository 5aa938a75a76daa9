package io.gatehouse.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The system's shells, each in a PTY of its own. */
final class Shells implements Programs {
    /** Names the terminal in the environment of all that runs in it. */
    static final String MARK = "GATEHOUSE_TERMINAL";

    private static final Map<String, String> PACKAGES = Map.of(
            "script", "util-linux, OpenWrt's script-utils, or busybox with its applet",
            "stty", "coreutils, OpenWrt's coreutils-stty, or busybox with its applet",
            "su", "util-linux, shadow, or busybox with its applet");

    private final Tools tools;
    private final Login login;

    Shells(Tools tools, Login login) {
        this.tools = tools;
        this.login = login;
    }

    @Override
    public Optional<String> lacking() {
        List<String> needed = login.user().isEmpty() ? List.of("script", "stty") : List.of("script", "stty", "su");
        for (String name : needed) {
            if (tools.find(name).isEmpty()) {
                return Optional.of("this device has no program " + name
                        + ", without which there is no terminal: install " + PACKAGES.get(name));
            }
        }
        Path program = Path.of(login.command().get(0));
        return Files.isExecutable(program)
                ? Optional.empty()
                : Optional.of(
                        "this device has no program " + program + "; configuration io.gatehouse.terminal: command");
    }

    @Override
    public Program start(Start start) throws IOException, InterruptedException {
        Path script = tool("script");
        List<String> command = new ArrayList<>();
        command.add(script.toString());
        boolean tellsCode = !Tools.isBusybox(script);
        command.add(tellsCode ? "-qefc" : "-qfc");
        command.add(login.script(start.size()));
        command.add("/dev/null");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        String home = System.getProperty("user.home", "/");
        builder.directory(Files.isDirectory(Path.of(home)) ? Path.of(home).toFile() : null);
        // nothing of the gateway's own environment, which may hold what is nobody's business
        builder.environment().clear();
        builder.environment().putAll(environment(start, home));
        return Pty.start(builder, tool("stty"), tellsCode, MARK + "=" + start.id());
    }

    private Map<String, String> environment(Start start, String home) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", tools.path());
        environment.put("HOME", home);
        environment.put("USER", login.owner());
        environment.put("LOGNAME", login.owner());
        environment.put("LANG", "C.UTF-8");
        environment.putAll(login.environment());
        environment.put("TERM", start.term());
        environment.put("SHELL", "/bin/sh"); // by this script runs what makes the terminal ready
        environment.put(MARK, start.id());
        return environment;
    }

    private Path tool(String name) throws IOException {
        return tools.find(name).orElseThrow(() -> new IOException("this device has no program " + name));
    }
}

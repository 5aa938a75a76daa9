package io.gatehouse.cli.reach;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Holds one session at the terminal that it is started at. */
final class ShellAtTerminal {
    private ShellAtTerminal() {}

    public static void main(String[] args) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        RemoteShell.Door door = new RemoteShell.Door(
                new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])),
                OpenSshServer.user(),
                args[1],
                SshKeyPair.read(Path.of(args[2])));
        System.exit(new RemoteShell(System.in, System.out, "xterm").run(door));
    }
}

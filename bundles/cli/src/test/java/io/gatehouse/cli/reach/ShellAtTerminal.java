package io.gatehouse.cli.reach;

import static org.awaitility.Awaitility.await;

import io.gatehouse.cli.screen.Screen;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Holds one session at the terminal that it is started at, and notes a remark as soon as a file is there. */
final class ShellAtTerminal {
    private ShellAtTerminal() {}

    public static void main(String[] args) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        RemoteShell.Door door = new RemoteShell.Door(
                new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])),
                OpenSshServer.user(),
                args[1],
                SshKeyPair.read(Path.of(args[2])));
        Screen screen = new Screen(System.out, System.err, Screen.Terminal.NONE, false);
        Path remark = Path.of(args[3]);
        Thread noting = new Thread(() -> {
            await().forever().until(() -> Files.exists(remark));
            screen.note("a remark");
        });
        noting.setDaemon(true);
        noting.start();
        System.exit(new RemoteShell(System.in, System.out, "xterm", screen).run(door));
    }
}

package io.gatehouse.tunnel.ssh;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An OpenSSH server with the lines that docs/tunnel.md gives, but for the account, which is the one that there is. */
class DocumentedRelayTest {
    private static final Path PAGE = Path.of("../../docs/tunnel.md");

    @TempDir
    Path folder;

    private Relayed relay;
    private Site site;
    private Bench bench;

    @BeforeEach
    void start() throws Exception {
        List<String> lines = new ArrayList<>(List.of("AuthorizedKeysFile " + folder.resolve("authorized_keys")));
        lines.addAll(documented());
        relay = new Relayed(folder, lines).started();
        site = new Site();
        bench = Bench.to(site.port());
    }

    @AfterEach
    void stop() throws Exception {
        if (relay != null) {
            bench.close();
            site.close();
            relay.close();
        }
    }

    private static List<String> documented() throws Exception {
        List<String> page = Files.readAllLines(PAGE);
        int begin = page.indexOf("```sshd_config") + 1;
        List<String> lines =
                page.subList(begin, begin + page.subList(begin, page.size()).indexOf("```"));
        assertEquals("Match User tunnel", lines.get(0));
        assertEquals(6, lines.size(), "a Match and five lines");
        List<String> here = new ArrayList<>(lines);
        here.set(0, "Match User root");
        return here;
    }

    /** Runs OpenSSH's own client as a device would that was taken over, and answers how it ended and what it said. */
    private Ended ssh(String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of("ssh", "-F", "none", "-p", String.valueOf(relay.port)));
        for (String option : List.of(
                "BatchMode=yes",
                "StrictHostKeyChecking=no",
                "UserKnownHostsFile=/dev/null",
                "IdentitiesOnly=yes",
                "ExitOnForwardFailure=yes",
                "LogLevel=INFO")) {
            command.addAll(List.of("-o", option));
        }
        command.addAll(List.of("-i", folder.resolve("device").toString()));
        command.addAll(List.of(more));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(20, SECONDS); // one that goes on was let in
        process.destroyForcibly();
        return new Ended(ended ? process.exitValue() : 0, Files.readString(output));
    }

    private record Ended(int code, String output) {
        void assertRefused() {
            assertNotEquals(0, code, output);
        }
    }

    private void authorize() throws Exception {
        relay.newKey("device");
        // without the restrictions of docs/tunnel.md: the server's lines have to do alone
        Files.writeString(
                relay.authorizedKeys(), bench.tunnels.key() + "\n" + Files.readString(folder.resolve("device.pub")));
    }

    @Test
    void letsATunnelThrough() throws Exception {
        relay.authorize(bench.tunnels.key());
        Map<String, ?> answer = bench.opened(Bench.order(relay, site.port()));

        assertTrue(Site.post(Bench.port(answer), new byte[10]).length > 10);
    }

    @Test
    void letsNobodyInByPassword() throws Exception {
        authorize();

        Ended ended = ssh("-o", "PubkeyAuthentication=no", "root@127.0.0.1", "true");

        ended.assertRefused();
        assertTrue(ended.output().contains("Permission denied (publickey)"), ended.output());
    }

    @Test
    void hasNoShellNoProgramAndNoSubsystem() throws Exception {
        authorize();

        ssh("-tt", "root@127.0.0.1").assertRefused();
        Ended program = ssh("root@127.0.0.1", "echo", "got", "in");
        program.assertRefused();
        assertTrue(!program.output().contains("got in"), program.output());
        ssh("-s", "root@127.0.0.1", "sftp").assertRefused();
        assertTrue(relay.log().contains("Accepted publickey"), relay.log());
    }

    @Test
    void leadsNowhere() throws Exception {
        authorize();

        Ended ended = ssh("-W", "127.0.0.1:" + site.port(), "root@127.0.0.1");

        ended.assertRefused();
        assertTrue(ended.output().contains("administratively prohibited"), ended.output());
    }

    @Test
    void listensNowhereButOnItsLoopback() throws Exception {
        authorize();

        ssh("-N", "-R", "0.0.0.0:" + Relayed.freePort() + ":127.0.0.1:22", "root@127.0.0.1")
                .assertRefused();
        ssh("-N", "-R", folder.resolve("door") + ":127.0.0.1:22", "root@127.0.0.1")
                .assertRefused();
    }
}

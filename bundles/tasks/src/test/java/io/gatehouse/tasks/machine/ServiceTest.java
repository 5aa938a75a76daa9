package io.gatehouse.tasks.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.Asked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServiceTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-02-03T04:05:06Z"), ZoneOffset.UTC);
    private static final long UP = 100_000_000_000L;

    @TempDir
    Path folder;

    @Test
    void saysWhatSystemdSaysOfAService() throws Exception {
        assertEquals(
                Map.of(
                        "name",
                        "sshd",
                        "state",
                        "running",
                        "enabled",
                        true,
                        "pid",
                        812L,
                        "since",
                        "2026-02-03T04:03:30.500Z",
                        "detail",
                        "active (running)"),
                done(systemd("""
                MainPID=812
                LoadState=loaded
                ActiveState=active
                SubState=running
                UnitFileState=enabled
                StateChangeTimestampMonotonic=4500000
                """), "sshd"));
        assertEquals(
                List.of(
                        "show --no-pager --property=LoadState,ActiveState,SubState,UnitFileState,MainPID,StateChangeTimestampMonotonic -- sshd.service"),
                Files.readAllLines(folder.resolve("asked")).stream().distinct().toList());
    }

    @ParameterizedTest
    @CsvSource({
        "active, exited, running",
        "reloading, reload, running",
        "activating, start-pre, running",
        "activating, auto-restart, failed",
        "failed, failed, failed",
        "inactive, dead, stopped",
        "deactivating, stop-sigterm, stopped"
    })
    void takesSystemdsStatesForThree(String active, String sub, String state) throws Exception {
        Map<String, ?> result = done(
                systemd("LoadState=loaded\nActiveState=" + active + "\nSubState=" + sub
                        + "\nUnitFileState=static\nMainPID=0\nStateChangeTimestampMonotonic=0\n"),
                "x.service");
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("name", "x.service");
        expected.put("state", state);
        expected.put("detail", active + " (" + sub + ")");
        assertEquals(expected, result);
        assertTrue(Files.readString(folder.resolve("asked")).strip().endsWith(" -- x.service"));
    }

    @Test
    void saysThatSystemdHasNoSuchService() throws Exception {
        Outcome.Refused refused = (Outcome.Refused) status(systemd("""
                LoadState=not-found
                ActiveState=inactive
                SubState=dead
                """), "nothing");
        assertEquals("unknown-service", refused.problem().type());
    }

    @Test
    void saysWhatSystemdSaysWhereItDoesNotAnswer() {
        IOException e = assertThrows(
                IOException.class,
                () -> status(systemctl("echo 'Failed to connect to bus: No such file or directory' >&2; exit 1"), "x"));
        assertEquals(
                "systemctl show x.service ended with code 1: Failed to connect to bus: No such file or directory",
                e.getMessage());
    }

    @Test
    void restartsByTheRealSystemctlAndSaysWhyThatFailsWhereItDoesNotRun() throws Exception {
        Optional<Program> systemctl = Program.find("systemctl");
        org.junit.jupiter.api.Assumptions.assumeTrue(systemctl.isPresent(), "there is no systemctl");
        org.junit.jupiter.api.Assumptions.assumeFalse(
                Files.isDirectory(Path.of("/run/systemd/system")), "systemd runs here, and is left alone");
        Optional<String> complaint = new Systemd(systemctl.get(), CLOCK, () -> UP).restart("no-such");
        assertTrue(complaint.orElseThrow().startsWith("systemctl restart no-such.service ended with code 1: "));
        assertFalse(complaint.get().contains("nrecognized option"), "it takes the arguments");
    }

    @Test
    void restartsWhatIsPermittedBySystemd() throws Exception {
        Services systemd = systemd("LoadState=loaded\nActiveState=active\nSubState=running\n");
        Asked asked = Asked.with(Map.of("name", "sshd", "action", "restart"));
        Outcome.Done done = (Outcome.Done) service(systemd, "sshd").handle(asked);
        assertEquals("running", done.result().get("state"));
        assertEquals(
                "restart --no-ask-password --no-pager -- sshd.service",
                Files.readAllLines(folder.resolve("asked")).get(1));
    }

    @Test
    void saysWhyAServiceDidNotRestart() throws Exception {
        Services systemd = systemctl(
                "case $1 in show) echo ActiveState=active;; *) echo 'Job for x.service failed.' >&2; exit 1;; esac");
        Asked asked = Asked.with(Map.of("name", "x", "action", "restart"));
        Outcome.Failed failed = (Outcome.Failed) service(systemd, "x").handle(asked);
        assertEquals("restart-failed", failed.problem().type());
        assertEquals(
                "systemctl restart x.service ended with code 1: Job for x.service failed.",
                failed.problem().detail());
    }

    @Test
    void refusesToRestartWhatIsNotPermittedAndNamesTheSetting() throws Exception {
        Asked asked = Asked.with(Map.of("name", "sshd", "action", "restart"));
        Outcome.Refused refused =
                (Outcome.Refused) service(systemctl("exit 1"), "dnsmasq").handle(asked);
        assertEquals("not-permitted", refused.problem().type());
        assertTrue(refused.problem().detail().endsWith("configuration io.gatehouse.tasks: services"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-f", "--help", "a b", "../x", "a/b", ".hidden", "x;reboot", "x\n", "$(x)", "*", "ä"})
    void refusesWhatIsNoService(String name) {
        BadArgument e = assertThrows(BadArgument.class, () -> service(systemctl("exit 1"))
                .handle(Asked.with(Map.of("name", name, "action", "status"))));
        assertTrue(e.getMessage().startsWith("name must be a service's name"), e.getMessage());
    }

    @Test
    void refusesAnotherAction() {
        BadArgument e = assertThrows(BadArgument.class, () -> service(systemctl("exit 1"))
                .handle(Asked.with(Map.of("name", "x", "action", "stop"))));
        assertEquals("action must be status or restart: stop", e.getMessage());
    }

    @Test
    void saysThatNobodyRunsServices() throws Exception {
        assertTrue(Services.ofThisMachine(folder, CLOCK, () -> UP).isEmpty());
        Outcome.Refused refused = (Outcome.Refused)
                new Service(List.of(), Optional::empty).handle(Asked.with(Map.of("name", "x", "action", "status")));
        assertEquals("unavailable", refused.problem().type());
    }

    @Test
    void knowsByWhatTheMachineRuns() throws Exception {
        Files.createDirectories(folder.resolve("sbin"));
        script(folder.resolve("sbin/procd"), "");
        assertTrue(Services.ofThisMachine(folder, CLOCK, () -> UP).orElseThrow() instanceof Procd);
        Files.createDirectories(folder.resolve("run/systemd/system"));
        assertTrue(Services.ofThisMachine(folder, CLOCK, () -> UP).isEmpty()
                || Services.ofThisMachine(folder, CLOCK, () -> UP).get() instanceof Systemd);
    }

    @Test
    void saysWhatProcdSaysOfAService() throws Exception {
        long pid = ProcessHandle.current().pid();
        Services procd = procd("""
                {
                	"dnsmasq": {
                		"instances": {
                			"cfg01411c": {
                				"running": true,
                				"pid": %d,
                				"command": [
                					"/usr/sbin/dnsmasq",
                					"-C",
                					"\\"pid\\": 5"
                				],
                				"term_timeout": 5
                			}
                		}
                	}
                }
                """.formatted(pid), "exit 1", true);
        Map<String, ?> result = done(procd, "dnsmasq");
        assertEquals("running", result.get("state"));
        assertEquals(pid, result.get("pid"));
        assertEquals(true, result.get("enabled"));
        Instant started = ProcessHandle.current().info().startInstant().orElseThrow();
        assertEquals(started, Instant.parse((String) result.get("since")));
        assertTrue(Files.readString(folder.resolve("asked")).startsWith("call service list {\"name\":\"dnsmasq\"}\n"));
    }

    @Test
    void tellsWhatFailedFromWhatWasStopped() throws Exception {
        String instance = "{\n\t\"dnsmasq\": {\n\t\t\"instances\": {\n\t\t\t\"instance1\": {\n"
                + "\t\t\t\t\"running\": false,\n%s\t\t\t}\n\t\t}\n\t}\n}\n";
        String code = "\t\t\t\t\"exit_code\": 1,\n";
        assertEquals(
                "failed",
                done(procd(instance.formatted(code), "exit 1", false), "dnsmasq")
                        .get("state"));
        assertEquals(
                "stopped",
                done(procd(instance.formatted(""), "exit 1", false), "dnsmasq").get("state"));
        assertEquals(
                Map.of("name", "dnsmasq", "state", "stopped", "enabled", false),
                done(procd("{\n\t\n}\n", "exit 1", false), "dnsmasq"));
        assertEquals(
                "running", done(procd("{\n\t\n}\n", "exit 0", false), "dnsmasq").get("state"));
    }

    @Test
    void asksNoScriptButOneOfRcCommonHowItIs() throws Exception {
        Services procd = procd("{\n\t\n}\n", "exit 0", true);
        Path ran = folder.resolve("ran");
        for (String first :
                List.of("#!/bin/sh", "#!/bin/sh ./rc.common", "#!/bin/sh " + folder.resolve("rc.common2"))) {
            Path other = script(folder.resolve("init.d/update-firmware"), "touch " + ran + "\n");
            Files.writeString(other, Files.readString(other).replace("#!/bin/sh", first));
            assertEquals(
                    Map.of("name", "update-firmware", "state", "stopped", "enabled", false),
                    done(procd, "update-firmware"));
            assertFalse(Files.exists(ran), "a look at it runs nothing: " + first);
        }
    }

    @Test
    void takesForEnabledWhatIsStartedWithTheMachine() throws Exception {
        Services procd = procd("{\n\t\n}\n", "exit 1", false);
        Path started = folder.resolve("rc.d");
        for (String link : List.of("K19dnsmasq", "S19dnsmasq2", "S19odhcpd")) {
            Files.createSymbolicLink(started.resolve(link), Path.of("../init.d/dnsmasq"));
        }
        Files.createSymbolicLink(started.resolve("S20dnsmasq"), Path.of("../init.d/gone"));
        assertEquals(false, done(procd, "dnsmasq").get("enabled"));
        Files.createSymbolicLink(started.resolve("S95dnsmasq"), Path.of("../init.d/dnsmasq"));
        assertEquals(true, done(procd, "dnsmasq").get("enabled"));
        assertFalse(Files.readString(folder.resolve("asked")).contains("enabled"), "no script is asked for that");
        Files.move(started, folder.resolve("elsewhere"));
        assertFalse(done(procd, "dnsmasq").containsKey("enabled"), "it cannot be said");
    }

    @Test
    void restartsByItsScript() throws Exception {
        Services procd = procd("{}", "exit 0", true);
        Asked asked = Asked.with(Map.of("name", "dnsmasq", "action", "restart"));
        assertTrue(service(procd, "dnsmasq").handle(asked) instanceof Outcome.Done);
        assertTrue(Files.readAllLines(folder.resolve("asked")).contains("dnsmasq restart"));
        Outcome.Refused refused = (Outcome.Refused) status(procd, "odhcpd");
        assertEquals("unknown-service", refused.problem().type());
    }

    private static Map<String, ?> done(Services services, String name) throws IOException, InterruptedException {
        Outcome outcome = status(services, name);
        assertTrue(outcome instanceof Outcome.Done, outcome.toString());
        return ((Outcome.Done) outcome).result();
    }

    private static Outcome status(Services services, String name) throws IOException, InterruptedException {
        return service(services).handle(Asked.with(Map.of("name", name, "action", "status")));
    }

    private static Service service(Services services, String... permitted) {
        return new Service(List.of(permitted), () -> Optional.of(services));
    }

    private Services systemd(String properties) throws IOException {
        return systemctl("[ $1 != show ] || cat <<'END'\n" + properties + "END\n");
    }

    private Services systemctl(String script) throws IOException {
        Path asked = folder.resolve("asked");
        Path file = script(folder.resolve("systemctl"), "echo \"$*\" >> " + asked + "\n" + script);
        return new Systemd(Program.of(List.of(file.toString())), CLOCK, () -> UP);
    }

    private Services procd(String list, String running, boolean isEnabled) throws IOException {
        Path asked = folder.resolve("asked");
        Path ubus = script(folder.resolve("ubus"), "echo \"$*\" >> " + asked + "\ncat <<'END'\n" + list + "END\n");
        Path common = script(folder.resolve("rc.common"), "script=$1 action=$2; . $script; $action\n");
        Path service = Files.createDirectories(folder.resolve("init.d")).resolve("dnsmasq");
        script(
                service,
                "running() { echo dnsmasq running >> " + asked + "; " + running + "; }\n"
                        + "restart() { echo dnsmasq restart >> " + asked + "; }\n");
        Files.writeString(service, Files.readString(service).replace("#!/bin/sh", "#!/bin/sh " + common));
        Path started = Files.createDirectories(folder.resolve("rc.d"));
        Files.deleteIfExists(started.resolve("S19dnsmasq"));
        if (isEnabled) {
            Files.createSymbolicLink(started.resolve("S19dnsmasq"), Path.of("../init.d/dnsmasq"));
        }
        return new Procd(folder, Program.of(List.of(ubus.toString())));
    }

    private static Path script(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script);
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }
}

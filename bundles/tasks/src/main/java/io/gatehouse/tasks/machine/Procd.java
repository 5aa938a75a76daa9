package io.gatehouse.tasks.machine;

import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.machine.ServiceStatus.State;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By the scripts in {@code /etc/init.d} and, for what they started, {@code ubus call service list}, which has one member a line:
 * {@code "running": true,} and {@code "pid": 1234,} of each instance. To say how a service is takes no permission: so no script is run for that
 * but one that {@code rc.common} interprets, which knows the action {@code running}; another might take it for something to do.
 */
final class Procd implements Services {
    /** At a line's begin: what a service was started with cannot look like it, since line ends within strings are escaped. */
    private static final Pattern MEMBER =
            Pattern.compile("\\s*\"(running|pid|exit_code)\": (true|false|-?\\d{1,10}),?");

    private final Path scripts;
    private final Path started;
    private final byte[] byRcCommon;
    private final Program ubus;

    /**
     * By these files.
     *
     * @param etc the folder of {@code init.d}, of {@code rc.d} with a link to each script that is started with the machine, and of
     *     {@code rc.common}
     */
    Procd(Path etc, Program ubus) {
        this.scripts = etc.resolve("init.d");
        this.started = etc.resolve("rc.d");
        this.byRcCommon = ("#!/bin/sh " + etc.resolve("rc.common") + "\n").getBytes(StandardCharsets.UTF_8);
        this.ubus = ubus;
    }

    @Override
    public Optional<ServiceStatus> status(String name) throws IOException, InterruptedException {
        Path script = scripts.resolve(name);
        if (!Files.isRegularFile(script) || !Files.isExecutable(script)) {
            return Optional.empty();
        }
        Instances instances = instances(name);
        boolean isRunning = instances.areRunning
                || (instances.areNone()
                        && isByRcCommon(script)
                        && script(name, "running").isWell());
        State otherwise = instances.haveFailed ? State.FAILED : State.STOPPED;
        Optional<Instant> since = instances.pid.flatMap(ProcessHandle::of).flatMap(process -> process.info()
                .startInstant());
        return Optional.of(new ServiceStatus(
                isRunning ? State.RUNNING : otherwise, isEnabled(name), instances.pid, since, Optional.empty()));
    }

    @Override
    public Optional<String> restart(String name) throws IOException, InterruptedException {
        Ended ended = script(name, "restart");
        return ended.isWell()
                ? Optional.empty()
                : Optional.of(scripts.resolve(name) + " restart " + ended.words() + ": "
                        + ended.output().text().strip());
    }

    /** By its first line. */
    private boolean isByRcCommon(Path script) throws IOException {
        try (InputStream in = Files.newInputStream(script)) {
            return Arrays.equals(in.readNBytes(byRcCommon.length), byRcCommon);
        }
    }

    /** By its link, for example {@code S19dnsmasq}. A service's name has no letter that means something in a pattern. */
    private Optional<Boolean> isEnabled(String name) throws IOException {
        if (!Files.isDirectory(started)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> links = Files.newDirectoryStream(started, "S[0-9][0-9]" + name)) {
            for (Path link : links) {
                if (Files.isExecutable(link)) {
                    return Optional.of(true);
                }
            }
            return Optional.of(false);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private Ended script(String name, String action) throws IOException, InterruptedException {
        return Program.of(List.of(scripts.resolve(name).toString(), action))
                .within(Duration.ofMinutes(5))
                .run();
    }

    private Instances instances(String name) throws IOException, InterruptedException {
        Instances instances = new Instances();
        Ended ended = ubus.with("call", "service", "list", "{\"name\":\"" + name + "\"}")
                .lines(instances::read);
        if (!ended.isWell()) {
            throw new IOException("ubus call service list " + ended.words() + ": "
                    + ended.output().lastLine());
        }
        return instances;
    }

    /** What procd says of a service's processes. */
    private static final class Instances {
        boolean areRunning;
        boolean areStopped;
        boolean haveFailed;
        Optional<Long> pid = Optional.empty();

        boolean areNone() {
            return !areRunning && !areStopped;
        }

        void read(String line) {
            Matcher member = MEMBER.matcher(line);
            if (!member.matches()) {
                return;
            }
            switch (member.group(1)) {
                case "running" -> {
                    areRunning |= "true".equals(member.group(2));
                    areStopped |= "false".equals(member.group(2));
                }
                case "pid" -> pid = pid.or(() -> Optional.of(Long.parseLong(member.group(2))));
                default -> haveFailed |= !"0".equals(member.group(2));
            }
        }
    }
}

package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.command.Problem;
import io.gatehouse.tasks.time.Seconds;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Asks a name server for a name's addresses. Not by {@code javax.naming}: its DNS provider needs up to two modules more in the image's Java (0.5 MB
 * packed), and says neither which server answered nor for how long the answer is good. The few bytes of the protocol that are needed are read here.
 */
@Component
@Command("dns")
public final class Dns implements CommandHandler {
    private static final Duration USUAL = Duration.ofSeconds(5);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int SERVER_FAILED = 2;
    private static final int NO_SUCH_NAME = 3;
    private static final int REFUSED = 5;

    private final Path configuration;
    private final RandomGenerator numbers;

    @Activate
    public Dns() {
        this(Path.of("/etc/resolv.conf"), new SecureRandom());
    }

    Dns(Path configuration, RandomGenerator numbers) {
        this.configuration = configuration;
        this.numbers = numbers;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Members arguments = invocation.arguments();
        String name = name(arguments);
        List<DnsQuestion.Type> types = types(arguments);
        Duration timeout = Seconds.argument(arguments, "timeout", USUAL, SHORTEST, LONGEST);
        List<DnsServer> servers = arguments.has("server")
                ? List.of(DnsServer.of(arguments, "server"))
                : DnsServer.ofThisMachine(configuration);
        if (servers.isEmpty()) {
            return Outcome.refused("no-server", configuration + " names no name server; name one as server");
        }
        try {
            return ask(name, types, servers, timeout);
        } catch (Unreached e) {
            return e.outcome();
        }
    }

    /** Asks one server after the other, each with its share of the time that is left. The one that answers first answers all. */
    private Outcome ask(String name, List<DnsQuestion.Type> types, List<DnsServer> servers, Duration timeout)
            throws Unreached, InterruptedException {
        long until = System.nanoTime() + timeout.toNanos();
        for (int at = 0; true; at++) {
            Duration share = Duration.ofNanos(Math.max(1, (until - System.nanoTime()) / (servers.size() - at)));
            try {
                return ask(name, types, servers.get(at), share);
            } catch (Unreached e) {
                if (at == servers.size() - 1) {
                    throw e;
                }
            }
        }
    }

    private Outcome ask(String name, List<DnsQuestion.Type> types, DnsServer server, Duration time)
            throws Unreached, InterruptedException {
        long began = System.nanoTime();
        DnsClient client = new DnsClient(server);
        List<Map<String, Object>> answers = new ArrayList<>();
        List<Map<String, Object>> failed = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (DnsQuestion.Type type : types) {
            long left = Math.max(1, time.toNanos() - (System.nanoTime() - began));
            DnsAnswer answer =
                    client.ask(new DnsQuestion(numbers.nextInt(1 << 16), name, type), Duration.ofNanos(left));
            if (answer.code() != 0) {
                Problem problem = problem(answer.code(), name, type, server);
                problems.add(problem);
                failed.add(Map.of("type", type.name(), "problem", problem.type()));
            }
            answer.records().stream()
                    .map(DnsRecord::told)
                    .filter(told -> !answers.contains(told))
                    .forEach(answers::add);
        }
        if (answers.isEmpty() && !problems.isEmpty()) {
            return new Outcome.Failed(problems.get(0));
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("name", name);
        told.put("server", server.toString());
        told.put("took", Seconds.of(System.nanoTime() - began));
        told.put("answers", answers);
        if (!failed.isEmpty()) {
            told.put("failed", failed);
        }
        return Outcome.done(told);
    }

    private static Problem problem(int code, String name, DnsQuestion.Type type, DnsServer server) {
        String what = " (" + type + " of " + name + ")";
        return switch (code) {
            case SERVER_FAILED -> new Problem("server-failed", server + " could not find out: SERVFAIL" + what);
            case NO_SUCH_NAME ->
                new Problem("no-such-name", server + " says that there is no such name: NXDOMAIN" + what);
            case REFUSED -> new Problem("refused-by-server", server + " does not answer this device: REFUSED" + what);
            default -> new Problem("server-failed", server + " answers with code " + code + what);
        };
    }

    private static String name(Members arguments) {
        String text = arguments.string("name");
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (!DnsQuestion.isName(name)) {
            throw arguments.wrong("name", text, "a host's name");
        }
        return name;
    }

    private static List<DnsQuestion.Type> types(Members arguments) {
        String type = arguments.optionalString("type").orElse("");
        return switch (type) {
            case "" -> List.of(DnsQuestion.Type.values());
            case "A" -> List.of(DnsQuestion.Type.A);
            case "AAAA" -> List.of(DnsQuestion.Type.AAAA);
            default -> throw arguments.wrong("type", type, "A or AAAA");
        };
    }
}

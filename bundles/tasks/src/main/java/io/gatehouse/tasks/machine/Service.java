package io.gatehouse.tasks.machine;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Says how a service of the machine is, and starts it anew where that is permitted. */
@Component(configurationPid = "io.gatehouse.tasks")
@Command("service")
public final class Service implements CommandHandler {
    /** Of units of systemd as well as of files in {@code /etc/init.d}; nothing that could be taken for an option or lead to another folder. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_@.:-]{0,127}");

    private final List<String> permitted;
    private final Supplier<Optional<Services>> services;

    /** What can be configured. */
    @interface Settings {
        /** The names of the services that may be restarted. */
        String[] services() default {};
    }

    @Activate
    public Service(Settings settings) {
        this(
                List.of(settings.services()),
                () -> Services.ofThisMachine(Path.of("/"), Clock.systemUTC(), System::nanoTime));
    }

    Service(List<String> permitted, Supplier<Optional<Services>> services) {
        this.permitted = permitted;
        this.services = services;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Members arguments = invocation.arguments();
        String name = arguments.string("name");
        if (!NAME.matcher(name).matches()) {
            throw arguments.wrong("name", name, "a service's name: letters, digits and _ @ . : -, at most 128");
        }
        String action = arguments.string("action");
        boolean isRestart = action.equals("restart");
        if (!isRestart && !action.equals("status")) {
            throw arguments.wrong("action", action, "status or restart");
        }
        if (isRestart && !permitted.contains(name)) {
            return Outcome.refused(
                    "not-permitted",
                    name + " may not be restarted by command; configuration io.gatehouse.tasks: services");
        }
        Optional<Services> there = services.get();
        if (there.isEmpty()) {
            return Outcome.refused("unavailable", "neither systemd nor procd runs this machine");
        }
        if (isRestart) {
            invocation.progress(0, "restarting " + name);
        }
        return answer(there.get(), name, isRestart);
    }

    private static Outcome answer(Services services, String name, boolean isRestart)
            throws IOException, InterruptedException {
        if (services.status(name).isEmpty()) {
            return Outcome.refused("unknown-service", "this machine has no service " + name);
        }
        Optional<String> complaint = isRestart ? services.restart(name) : Optional.empty();
        if (complaint.isPresent()) {
            return Outcome.failed("restart-failed", complaint.get());
        }
        Optional<ServiceStatus> status = services.status(name);
        return status.isPresent()
                ? Outcome.done(status.get().told(name))
                : Outcome.failed("unknown-service", name + " went while it was looked at");
    }
}

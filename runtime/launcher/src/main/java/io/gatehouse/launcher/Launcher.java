package io.gatehouse.launcher;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.Security;
import java.util.List;
import java.util.Optional;

/** The process's beginning and end. */
public final class Launcher {
    private static final int MISUSED = 2;
    private static final int BROKEN = 1;

    /** As a process ends that a TERM signal ended. */
    private static final int TERMINATED = 143;

    private Launcher() {}

    public static void main(String[] line) {
        int code;
        try {
            code = run(Arguments.parse(List.of(line)));
        } catch (Misuse e) {
            System.err.println("gatehouse-gateway: " + e.getMessage());
            code = MISUSED;
        } catch (InterruptedException e) {
            code = Gateway.RESTART;
        } catch (RuntimeException | Error e) {
            // the last to see it; what was started must not go on without its main thread
            e.printStackTrace();
            code = BROKEN;
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }

    private static int run(Arguments arguments) throws Misuse, InterruptedException {
        switch (arguments.command()) {
            case HELP -> System.out.print(Arguments.USAGE);
            case VERSION -> System.out.println("gatehouse-gateway " + version());
            case SEAL -> {
                Path home = home(arguments.home());
                System.out.println("sealed " + new Seal(home).write() + " bundles of " + home);
            }
            case RUN -> {
                Supervisor supervisor = Supervisor.read(System.getenv());
                Path home = home(arguments.home());
                Path image =
                        arguments.home().isPresent() ? home : supervisor.image().orElse(home);
                return gateway(Settings.read(home, image, arguments.settings()), supervisor);
            }
        }
        return 0;
    }

    private static int gateway(Settings settings, Supervisor supervisor) throws Misuse, InterruptedException {
        // Java would remember for 10 s that a name is not known, also when DNS is back. It reads this at its first
        // lookup; sun.net.inetaddr.negative.ttl has no say, as java.security sets this.
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        Logging.setUp(settings.properties());
        Gateway gateway = new Gateway(settings, version(), supervisor);
        Thread stop = new Thread(() -> stop(gateway), "gatehouse-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        int code = gateway.run();
        if (gateway.isStopping()) {
            // the process is ending, and how is not for this thread to say
            Thread.currentThread().join();
        }
        return code;
    }

    /**
     * The process ends by a signal, or since a bundle called {@code System.exit}. Its code is the same for both: no bundle
     * may say that the gateway ended well and need not be started again.
     */
    private static void stop(Gateway gateway) {
        gateway.stop();
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(TERMINATED);
    }

    private static Path home(Optional<String> given) throws Misuse {
        try {
            Path home = given.isPresent() ? Path.of(given.get()) : whereThisLies();
            if (!Files.isDirectory(home)) {
                throw new Misuse("there is no folder " + home + "; name the image's folder with --home");
            }
            return home.toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new Misuse("--home must be a folder", e);
        }
    }

    private static Path whereThisLies() throws Misuse {
        CodeSource source = Launcher.class.getProtectionDomain().getCodeSource();
        try {
            Path jar =
                    source == null ? Path.of("") : Path.of(source.getLocation().toURI());
            Path lib = jar.toAbsolutePath().getParent();
            Path home = lib == null ? null : lib.getParent();
            if (home != null && Files.isRegularFile(jar)) {
                return home;
            }
        } catch (URISyntaxException e) {
            throw new Misuse("cannot tell where this program lies; name the image's folder with --home", e);
        }
        throw new Misuse("cannot tell where this program lies; name the image's folder with --home");
    }

    private static String version() {
        String version = Launcher.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}

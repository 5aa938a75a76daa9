package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Members;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Somebody in the network.
 *
 * @param name a name or an address, and nothing that some program could take for an option
 */
record Host(String name) {
    private static final int LONGEST = 253;

    Host {
        if (!isFit(name)) {
            throw new IllegalArgumentException("not a host's name or address: " + name);
        }
    }

    /** The host that this argument names. */
    static Host of(Members arguments, String member) {
        String name = arguments.string(member);
        if (!isFit(name)) {
            throw arguments.wrong(member, name, "a host's name or address");
        }
        return new Host(name);
    }

    static boolean isFit(String name) {
        boolean isFit = !name.isEmpty() && name.length() <= LONGEST && name.charAt(0) != '-';
        for (int at = 0; at < name.length(); at++) {
            char c = name.charAt(at);
            boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            isFit &= isLetter || (c >= '0' && c <= '9') || ".:%_-".indexOf(c) >= 0;
        }
        return isFit;
    }

    /**
     * The first address that this machine knows for it. The system's own look-up cannot be interrupted: where it is no longer waited for, it
     * ends by itself on a thread of its own.
     *
     * @param most how long to wait
     */
    InetAddress address(Duration most) throws Unreached, InterruptedException {
        FutureTask<InetAddress> lookup = new FutureTask<>(() -> InetAddress.getByName(name));
        Thread thread = new Thread(lookup, "host-lookup");
        thread.setDaemon(true);
        thread.start();
        try {
            return lookup.get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new Unreached(
                    "timed-out", "no name server said within " + most + " which address " + name + " has", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException) {
                throw new Unreached("unknown-host", "no address is known for " + name, e);
            }
            throw new Unreached("unknown-host", "cannot look " + name + " up: " + e.getCause(), e);
        }
    }
}

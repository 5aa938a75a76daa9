package io.gatehouse.licensing;

import io.gatehouse.protocol.LicensedFeature;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.hooks.service.ListenerHook;
import org.osgi.service.component.annotations.Component;

/**
 * Which features somebody waits for: whoever wants to know of a {@code Condition} tells the framework so in a filter, be it Declarative Services
 * or a tracker of its own. Thread-safe.
 */
@Component(
        service = {Asking.class, ListenerHook.class},
        immediate = true)
public final class Asking implements ListenerHook {
    private static final Pattern FEATURE =
            Pattern.compile("\\(osgi\\.condition\\.id=" + Pattern.quote(Conditions.LICENSE) + "([^()]+)\\)");

    private final Map<String, Integer> asking = new HashMap<>();

    private volatile Runnable changed = () -> {};

    /** Calls this, and nobody else, whenever another feature is asked for, or one no more. It must return at once and wait for nobody: whoever asks may hold any lock. */
    void watch(Runnable toTell) {
        changed = toTell;
    }

    @Override
    public void added(Collection<ListenerInfo> listeners) {
        count(listeners, 1);
    }

    @Override
    public void removed(Collection<ListenerInfo> listeners) {
        count(listeners, -1);
    }

    /** In the order of their names. */
    synchronized Set<String> features() {
        return new TreeSet<>(asking.keySet());
    }

    private void count(Collection<ListenerInfo> listeners, int by) {
        boolean isOther = false;
        for (ListenerInfo listener : listeners) {
            Matcher names = FEATURE.matcher(String.valueOf(listener.getFilter()));
            while (names.find()) {
                isOther |= LicensedFeature.isName(names.group(1)) && count(names.group(1), by);
            }
        }
        if (isOther) {
            changed.run();
        }
    }

    private synchronized boolean count(String feature, int by) {
        int before = asking.getOrDefault(feature, 0);
        int after = before + by;
        if (after == 0) {
            asking.remove(feature);
        } else {
            asking.put(feature, after);
        }
        return (before == 0) != (after == 0);
    }
}

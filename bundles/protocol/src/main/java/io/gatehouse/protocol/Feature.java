package io.gatehouse.protocol;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An OSGi Feature (OSGi Compendium 8, chapter 159), as far as a gateway acts on it.
 *
 * @param id {@code group:artifact:version}
 * @param bundles in the order in which they are started
 * @param configurations by PID, as in the OSGi Configurator's configuration resources
 */
public record Feature(String id, List<Bundle> bundles, Map<String, Map<String, Object>> configurations) {
    private static final String RESOURCE_VERSION = "1.0";
    private static final Pattern ID = Pattern.compile("[^:\\s/]+:[^:\\s/]+:[^:\\s/]+(:[^:\\s/]+){0,2}");

    public Feature {
        bundles = List.copyOf(bundles);
    }

    /**
     * One bundle.
     *
     * @param id {@code group:artifact:version}
     */
    public record Bundle(String id, Artifact artifact) {}

    /** What tells two features apart whatever their version: {@code group:artifact}. */
    public String name() {
        String[] levels = id.split(":", -1);
        return levels[0] + ":" + levels[1];
    }

    /**
     * Reads a feature.
     *
     * @param members the object, with its path in the document it came in
     * @throws BadArgument if a member that is needed is missing or ill-typed
     */
    public static Feature read(Members members) {
        String version = members.optionalString("feature-resource-version").orElse(RESOURCE_VERSION);
        if (!version.equals(RESOURCE_VERSION)) {
            throw members.wrong("feature-resource-version", version, RESOURCE_VERSION);
        }
        List<Bundle> bundles = new ArrayList<>();
        for (Members bundle : members.objects("bundles")) {
            bundles.add(bundle(bundle));
        }
        return new Feature(id(members), bundles, configurations(members));
    }

    /** The feature's JSON object. */
    public Map<String, Object> write() {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Bundle bundle : bundles) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("id", bundle.id());
            members.put("sha256", bundle.artifact().sha256().hex());
            members.put("size", bundle.artifact().size());
            bundle.artifact().url().ifPresent(url -> members.put("url", url.toString()));
            list.add(members);
        }
        Map<String, Object> feature = new LinkedHashMap<>();
        feature.put("feature-resource-version", RESOURCE_VERSION);
        feature.put("id", id);
        feature.put("bundles", list);
        feature.put("configurations", configurations);
        return feature;
    }

    private static String id(Members members) {
        String id = members.string("id");
        if (!ID.matcher(id).matches()) {
            throw members.wrong("id", id, "group:artifact:version");
        }
        return id;
    }

    private static Bundle bundle(Members members) {
        return new Bundle(id(members), ArtifactMembers.read(members));
    }

    private static Map<String, Map<String, Object>> configurations(Members members) {
        Map<String, Map<String, Object>> byPid = new LinkedHashMap<>();
        members.optionalObject("configurations").ifPresent(all -> {
            for (String pid : all.values().keySet()) {
                byPid.put(pid, new LinkedHashMap<>(all.object(pid).values()));
            }
        });
        return byPid;
    }
}

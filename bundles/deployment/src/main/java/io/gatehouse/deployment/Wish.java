package io.gatehouse.deployment;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.Feature;
import io.gatehouse.protocol.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the features and configurations of all scopes come to, as far as can be said without the bundles' manifests.
 *
 * @param choices all their bundles, from the widest scope to the narrowest, each feature's in its order
 * @param configurations by PID, narrower scopes over wider ones, and documents of their own over what features bring
 * @param desired SHA-256 of the payload by topic
 */
record Wish(List<Choice> choices, Map<String, Map<String, Object>> configurations, Map<String, String> desired) {
    /** The resource of configurations. */
    static final String CONFIGURATION = "configuration";

    /**
     * A bundle that a feature brings.
     *
     * @param topic where the feature is wanted
     * @param feature its id
     * @param breadth of the feature's scope: 0 is the widest
     * @param signature of the feature
     */
    record Choice(
            Feature.Bundle bundle, String topic, String feature, int breadth, Optional<Desired.Signature> signature) {}

    private record Wanted(String topic, Feature feature, int breadth, Optional<Desired.Signature> signature) {}

    /**
     * Merges features: of two with the same {@code group:artifact} the narrower scope's.
     *
     * @throws Refused where one is no feature, or two of one scope contradict each other
     */
    static Wish of(List<Desired> all) throws Refused {
        List<Choice> choices = new ArrayList<>();
        List<Wanted> features = features(
                all.stream().filter(one -> !isConfiguration(one.topic())).toList());
        for (Wanted wanted : features) {
            for (Feature.Bundle bundle : wanted.feature().bundles()) {
                choices.add(new Choice(
                        bundle, wanted.topic(), wanted.feature().id(), wanted.breadth(), wanted.signature()));
            }
        }
        return new Wish(
                List.copyOf(choices),
                Layers.over(configurations(features), configurationDocuments(all)),
                Documents.digests(all));
    }

    /**
     * One more feature, in place of all of the same {@code group:artifact}.
     *
     * @throws Refused where one is no feature
     */
    static List<Desired> with(Desired more, List<Desired> all) throws Refused {
        String name = feature(more).name();
        List<Desired> with = new ArrayList<>(List.of(more));
        for (Desired one : all) {
            if (isConfiguration(one.topic()) || !feature(one).name().equals(name)) {
                with.add(one);
            }
        }
        return with;
    }

    /** Whether a topic wants a configuration, {@code S/desired/configuration/<pid>}, rather than a feature. */
    static boolean isConfiguration(String topic) {
        return Topic.parse(topic).orElse(null) instanceof Topic.Desired desired
                && desired.resource().equals(CONFIGURATION);
    }

    /** Each artifact once. */
    List<Artifact> artifacts() {
        return choices.stream()
                .map(choice -> choice.bundle().artifact())
                .distinct()
                .toList();
    }

    private static List<Wanted> features(List<Desired> all) throws Refused {
        List<Desired> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparingInt(Desired::breadth).thenComparing(Desired::topic));
        Map<String, Wanted> byName = new LinkedHashMap<>();
        Map<String, String> doubled = new HashMap<>();
        for (Desired one : sorted) {
            Wanted wanted = new Wanted(one.topic(), feature(one), one.breadth(), one.signature());
            String name = wanted.feature().name();
            Wanted wider = byName.remove(name);
            doubled.remove(name);
            if (wider != null && wider.breadth() == wanted.breadth()) {
                doubled.put(name, wider.topic() + " and " + wanted.topic() + " both bring feature " + name);
            }
            byName.put(name, wanted);
        }
        if (!doubled.isEmpty()) {
            throw new Refused(
                    "two-features",
                    String.join("; ", doubled.values()) + "; take one of each away, or publish it at a narrower scope");
        }
        return List.copyOf(byName.values());
    }

    private static Feature feature(Desired one) throws Refused {
        try {
            Feature feature = Feature.read(Documents.spec(one));
            feature.configurations().forEach(Values::read);
            return feature;
        } catch (BadArgument e) {
            throw new Refused("bad-feature", one.topic() + ": " + e.getMessage(), e);
        }
    }

    /** From the widest scope to the narrowest, each over those before. They lie over what features bring. */
    private static Map<String, Map<String, Object>> configurationDocuments(List<Desired> all) throws Refused {
        List<Desired> sorted = all.stream()
                .filter(one -> isConfiguration(one.topic()))
                .sorted(Comparator.comparingInt(Desired::breadth))
                .toList();
        Map<String, Map<String, Object>> merged = new LinkedHashMap<>();
        for (Desired one : sorted) {
            merged = Layers.over(merged, Map.of(pid(one), configuration(one)));
        }
        return merged;
    }

    private static String pid(Desired one) throws Refused {
        return one.name()
                .orElseThrow(() -> new Refused(
                        "bad-configuration",
                        one.topic() + " names no PID: publish at S/desired/configuration/<pid>, and remove this"));
    }

    private static Map<String, Object> configuration(Desired one) throws Refused {
        String pid = pid(one);
        try {
            Map<String, Object> configuration =
                    new LinkedHashMap<>(Documents.spec(one).values());
            Values.read(pid, configuration);
            return configuration;
        } catch (BadArgument e) {
            throw new Refused("bad-configuration", one.topic() + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Map<String, Object>> configurations(List<Wanted> features) throws Refused {
        Map<String, Map<String, Object>> merged = new LinkedHashMap<>();
        Map<String, Wanted> owners = new HashMap<>();
        for (Wanted wanted : features) {
            for (Map.Entry<String, Map<String, Object>> entry :
                    wanted.feature().configurations().entrySet()) {
                Map<String, Object> below = merged.getOrDefault(entry.getKey(), Map.of());
                for (Map.Entry<String, Object> value : entry.getValue().entrySet()) {
                    String key = entry.getKey() + "." + Values.name(value.getKey());
                    Wanted other = owners.put(key, wanted);
                    boolean same = value.getValue().equals(below.get(value.getKey()));
                    if (other != null && other.breadth() == wanted.breadth() && !same) {
                        throw new Refused(
                                "two-configurations",
                                other.topic() + " and " + wanted.topic() + " set " + key
                                        + " to different values; set it in one of them, or at a narrower scope");
                    }
                }
            }
            merged = Layers.over(merged, wanted.feature().configurations());
        }
        return merged;
    }
}

package io.gatehouse.cli.fleet;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Feature;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An OSGi Feature, made of JAR files or read from a feature file, with the files whose bytes it names.
 *
 * @param name the last level of the topic that it is published at
 * @param spec the feature's JSON object, whole
 * @param files what is here of it, to be served
 */
public record FeatureFile(String name, Map<String, Object> spec, Feature feature, Map<Sha256, Path> files) {
    /**
     * Reads what the user named: JAR files, or one feature file and, if it likes, JAR files that it lists.
     *
     * @param name how to call it; needed where several JAR files make the feature
     * @throws Trouble if a file is missing or is not what it should be
     */
    public static FeatureFile read(List<Path> files, Optional<String> name) throws Trouble {
        List<BundleJar> jars = new ArrayList<>();
        List<Path> features = new ArrayList<>();
        for (Path file : files) {
            if (file.toString().endsWith(".json")) {
                features.add(file);
            } else {
                jars.add(BundleJar.read(file));
            }
        }
        if (features.size() > 1) {
            throw usage("one feature at a time, and not " + features.size() + ": " + features);
        }
        return features.isEmpty() ? ofJars(jars, name) : ofFile(features.get(0), jars, name);
    }

    /** Bundles that neither are here nor name a url: nobody would serve them. */
    public List<String> unserved() {
        return feature.bundles().stream()
                .filter(bundle -> !files.containsKey(bundle.artifact().sha256())
                        && bundle.artifact().url().isEmpty())
                .map(Feature.Bundle::id)
                .toList();
    }

    private static FeatureFile ofJars(List<BundleJar> jars, Optional<String> given) throws Trouble {
        if (jars.size() > 1 && given.isEmpty()) {
            throw usage(jars.size() + " JAR files make one feature: say how to call it with --name");
        }
        Map<String, Path> bySymbolicName = new LinkedHashMap<>();
        for (BundleJar jar : jars) {
            Path other = bySymbolicName.put(jar.symbolicName(), jar.file());
            if (other != null) {
                throw usage(other + " and " + jar.file() + " are both " + jar.symbolicName() + ": leave one out");
            }
        }
        BundleJar first = jars.get(0);
        String name = given.orElse(first.artifactId());
        String[] id = first.id().split(":", -1);
        Feature feature = new Feature(
                id[0] + ":" + name + ":" + id[2],
                jars.stream().map(BundleJar::bundle).toList(),
                Map.of());
        return new FeatureFile(name, feature.write(), feature, files(jars));
    }

    private static FeatureFile ofFile(Path file, List<BundleJar> given, Optional<String> name) throws Trouble {
        try {
            Members members = Json.read(Files.readAllBytes(file));
            List<BundleJar> near = new ArrayList<>(given);
            near.addAll(neighbours(file));
            Map<String, Object> spec = new LinkedHashMap<>(members.values());
            spec.putIfAbsent("feature-resource-version", "1.0");
            spec.put("bundles", completed(members, near));
            Feature feature = Feature.read(Members.of(spec));
            for (BundleJar jar : given) {
                if (feature.bundles().stream()
                        .noneMatch(bundle -> bundle.artifact().sha256().equals(jar.sha256()))) {
                    throw usage(file + " does not list " + jar.id() + ", which " + jar.file() + " is");
                }
            }
            if (feature.bundles().isEmpty() && feature.configurations().isEmpty()) {
                throw usage(file + " has neither \"bundles\" nor \"configurations\", but "
                        + members.values().keySet() + "; gatehouse remove takes a feature away");
            }
            return new FeatureFile(name.orElse(feature.name().split(":", -1)[1]), spec, feature, files(near));
        } catch (BadArgument e) {
            throw new Trouble(Trouble.Kind.USAGE, file + " is not an OSGi feature: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Map<Sha256, Path> files(List<BundleJar> jars) {
        Map<Sha256, Path> files = new LinkedHashMap<>();
        jars.forEach(jar -> files.putIfAbsent(jar.sha256(), jar.file()));
        return files;
    }

    private static List<BundleJar> neighbours(Path file) throws IOException {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElseThrow();
        try (Stream<Path> beside = Files.list(folder)) {
            return beside.filter(path -> path.toString().endsWith(".jar"))
                    .sorted()
                    .flatMap(path -> bundle(path).stream())
                    .toList();
        }
    }

    /** Other JAR files beside a feature file are nobody's business. */
    private static Optional<BundleJar> bundle(Path file) {
        try {
            return Optional.of(BundleJar.read(file));
        } catch (Trouble e) {
            return Optional.empty();
        }
    }

    /** The feature's bundles, each with the SHA-256 and size of the file that is here, where it does not say them. */
    private static List<Map<String, Object>> completed(Members feature, List<BundleJar> near) throws Trouble {
        List<?> bundles = feature.value("bundles").map(List.class::cast).orElse(List.of());
        List<Map<String, Object>> all = new ArrayList<>();
        for (Object bundle : bundles) {
            // A bundle without metadata may be written as its id alone.
            Map<String, Object> members = new LinkedHashMap<>();
            if (bundle instanceof Map<?, ?> object) {
                object.forEach((key, value) -> members.put(String.valueOf(key), value));
            } else {
                members.put("id", bundle);
            }
            if (!members.containsKey("sha256")) {
                BundleJar jar = byId(String.valueOf(members.get("id")), near);
                members.put("sha256", jar.sha256().hex());
                members.put("size", jar.size());
            }
            all.add(members);
        }
        return all;
    }

    private static BundleJar byId(String id, List<BundleJar> near) throws Trouble {
        return near.stream()
                .filter(jar -> jar.id().equals(id))
                .findFirst()
                .orElseThrow(() -> usage(id + " has no sha256 in the feature file, and no JAR file beside it is " + id
                        + ": name the file behind the feature file"));
    }

    private static Trouble usage(String message) {
        return new Trouble(Trouble.Kind.USAGE, message);
    }
}

package io.gatehouse.protocol;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An artifact as documents name it: {@code sha256}, {@code size} and, where it is served by HTTP, {@code url}. */
public final class ArtifactMembers {
    private ArtifactMembers() {}

    /**
     * Reads an artifact.
     *
     * @param members the object that has these members beside its own
     * @throws io.gatehouse.api.command.BadArgument naming the one that is missing or will not do; an address in it without user,
     *     password and query
     */
    public static Artifact read(Members members) {
        return new Artifact(sha256(members), members.integer("size", 1, Long.MAX_VALUE), url(members));
    }

    /** The members of this artifact. */
    public static Map<String, Object> write(Artifact artifact) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("sha256", artifact.sha256().hex());
        members.put("size", artifact.size());
        artifact.url().ifPresent(url -> members.put("url", url.toString()));
        return members;
    }

    private static Sha256 sha256(Members members) {
        String hex = members.string("sha256");
        try {
            return new Sha256(hex);
        } catch (IllegalArgumentException e) {
            throw members.wrong("sha256", hex, "64 lower-case hex digits");
        }
    }

    private static Optional<URI> url(Members members) {
        return members.optionalString("url").map(text -> {
            try {
                URI url = URI.create(text);
                if (("https".equals(url.getScheme()) || "http".equals(url.getScheme())) && url.getHost() != null) {
                    return url;
                }
            } catch (IllegalArgumentException e) {
                // told below: whoever reads the words of this one would see a password
            }
            throw members.wrong("url", shown(text), "an http or https address with a host");
        });
    }

    /** Without user, password and query: whoever reads an error is not to see them. */
    private static String shown(String url) {
        return url.contains("//") ? url.replaceFirst("(?s)//.*@", "//***@").replaceFirst("(?s)[?].*", "?…") : "…";
    }
}

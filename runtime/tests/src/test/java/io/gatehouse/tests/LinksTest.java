package io.gatehouse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A reader gets from page to page: each link leads somewhere, and to each page of {@code docs} and {@code examples} there is one. */
final class LinksTest {
    private static final Path CHECKOUT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern LINK = Pattern.compile("]\\((?!\\w+:)([^)\\s#]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    private record Link(Path from, Path to, String anchor) {}

    @Test
    void eachLinkLeadsToAPageAndAHeadingThatAreThere() throws IOException {
        List<String> dead = new ArrayList<>();
        List<Link> links = links();
        for (Link link : links) {
            boolean leads = Files.exists(link.to())
                    && (link.anchor().isEmpty() || anchors(link.to()).contains(link.anchor()));
            if (!leads) {
                dead.add(CHECKOUT.relativize(link.from()) + " -> " + CHECKOUT.relativize(link.to()) + "#"
                        + link.anchor());
            }
        }
        assertEquals(List.of(), dead);
        assertTrue(links.size() > 100, links.size() + " links");
    }

    @Test
    void eachPageIsLinkedByAnother() throws IOException {
        Set<Path> linked = new HashSet<>();
        for (Link link : links()) {
            if (!link.from().equals(link.to())) {
                linked.add(link.to());
            }
        }
        List<Path> alone = pages().stream()
                .filter(page ->
                        page.startsWith(CHECKOUT.resolve("docs")) || page.startsWith(CHECKOUT.resolve("examples")))
                .filter(page -> !linked.contains(page))
                .map(CHECKOUT::relativize)
                .toList();
        assertEquals(List.of(), alone);
    }

    private static List<Link> links() throws IOException {
        List<Link> links = new ArrayList<>();
        for (Path page : pages()) {
            LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""))
                    .results()
                    .forEach(found -> {
                        String path = found.group(1);
                        Path to = path.isEmpty()
                                ? page
                                : page.resolveSibling(path).normalize();
                        links.add(new Link(page, to, found.group(2) == null ? "" : found.group(2)));
                    });
        }
        return links;
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> root = Files.list(CHECKOUT)) {
            root.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        for (String folder : List.of("docs", "examples", "device-images")) {
            try (Stream<Path> files = Files.walk(CHECKOUT.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".md"))
                        .filter(file -> !file.toString().contains("/target/"))
                        .forEach(pages::add);
            }
        }
        pages.sort(Comparator.naturalOrder());
        return pages;
    }

    /** As forges make them of headings. */
    private static Set<String> anchors(Path page) throws IOException {
        Set<String> anchors = new HashSet<>();
        HEADING.matcher(CODE.matcher(Files.readString(page)).replaceAll(""))
                .results()
                .map(found -> found.group(1).strip().toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .forEach(anchors::add);
        return anchors;
    }
}

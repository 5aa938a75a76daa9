package io.gatehouse.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every image. */
@ExtendWith(Images.class)
class EveryImageTest {
    @TempDir
    private Path folder;

    /** Large ones are made twice where there is time for it: they are packed by what packs the small ones. */
    static Stream<String> madeTwice() {
        return Boolean.getBoolean("gatehouse.long")
                ? Stream.of("tar-x86-64", "deb", "openwrt", "container-x86-64")
                : Stream.of("deb", "openwrt");
    }

    @ParameterizedTest
    @MethodSource("madeTwice")
    void isTheSameBytesWhereverItIsMade(String name, Images images) throws Exception {
        Image first = images.get(name);
        Path another = anotherFileSystem();
        try {
            Image second = Image.make(name, another.resolve("another folder"));
            assertEquals(digests(first.folder()), digests(second.folder()));
        } finally {
            Ran.of(folder, "rm", "-rf", another.toString()).well();
        }
    }

    /** A folder in memory, where folders have other sizes than on a disk; where there is none, one on this disk. */
    private Path anotherFileSystem() throws IOException {
        Path memory = Path.of("/dev/shm");
        return Files.createTempDirectory(Files.isWritable(memory) ? memory : folder, "gatehouse-image");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tar-x86-64", "tar-arm64", "tar-armv7", "deb", "openwrt", "container-x86-64"})
    void namesEveryFileWithItsDigest(String name, Images images) throws Exception {
        Image image = images.get(name);
        Path root = image.unpack(folder.resolve("root"));
        Path manifest = image.folder().resolve("MANIFEST");
        Ran.of(root, "sha256sum", "--quiet", "--strict", "-c", manifest.toString())
                .well();
        List<String> named = Files.readAllLines(manifest).stream()
                .map(line -> line.substring(line.indexOf("  ") + 2))
                .toList();
        assertEquals(new TreeSet<>(named).stream().toList(), named, "not sorted");
        assertEquals(files(root), new TreeSet<>(named));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tar-x86-64", "tar-arm64", "tar-armv7", "deb", "openwrt", "container-x86-64"})
    void billsEveryJarAndTheJavaInside(String name, Images images) throws Exception {
        Image image = images.get(name);
        Path root = image.unpack(folder.resolve("root"));
        JsonObject bill = image.billOfMaterials();
        assertEquals("CycloneDX", bill.getString("bomFormat"));
        assertEquals(
                "gatehouse-" + name,
                bill.getJsonObject("metadata").getJsonObject("component").getString("name"));
        Set<String> billed = bill.getJsonArray("components").getValuesAs(JsonObject.class).stream()
                .map(component -> component.getString("name") + "-" + component.getString("version"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> inside = files(root).stream()
                .filter(file -> file.endsWith(".jar") && !file.contains("/java/"))
                .map(file -> file.substring(file.lastIndexOf('/') + 1, file.length() - ".jar".length()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(inside.size() > 20, inside.toString());
        assertTrue(billed.containsAll(inside), () -> inside + " are not all in " + billed);
        assertTrue(
                billed.stream().anyMatch(library -> library.startsWith("org.eclipse.paho.mqttv5.client-")),
                () -> "what is within the transport is not in " + billed);
        boolean java = files(root).stream().anyMatch(file -> file.endsWith("/java/bin/java"));
        assertEquals(java, billed.stream().anyMatch(component -> component.startsWith("openjdk-")), billed.toString());
        assertTrue(
                bill.getJsonArray("components").getValuesAs(JsonObject.class).stream()
                        .filter(component -> component.getString("purl").startsWith("pkg:deb/"))
                        .allMatch(component -> component.containsKey("licenses")),
                "a package of Debian without a licence");
    }

    @Test
    void aModuleThatJavaLacksFailsTheImageAndIsNamed(Images images) throws Exception {
        images.get("tar-x86-64");
        Path gateway = Files.createDirectories(folder.resolve("gateway"));
        Ran.of(folder, "cp", "-RL", home().toString() + "/.", gateway.toString())
                .well();
        Ran.of(folder, "cp", home() + ".cdx.json", gateway + ".cdx.json").well();
        Path source = Files.writeString(
                folder.resolve("Client.java"),
                "class Client { java.net.http.HttpClient one = java.net.http.HttpClient.newHttpClient(); }");
        Path java = Path.of(System.getProperty("java.home"), "bin");
        Ran.of(folder, java.resolve("javac").toString(), "-d", "classes", source.toString())
                .well();
        Ran.of(
                        folder,
                        java.resolve("jar").toString(),
                        "-cf",
                        gateway.resolve("bundles/client-1.jar").toString(),
                        "-C",
                        "classes",
                        ".")
                .well();
        Ran ran = Ran.of(
                Path.of("").toAbsolutePath(),
                "env",
                "GATEHOUSE_IMAGE_GATEWAY=" + gateway,
                "./build",
                "tar-x86-64",
                "--out",
                folder.resolve("out").toString());
        assertTrue(ran.code() != 0 && ran.said().contains("needs Java's module java.net.http too"), ran.said());
        assertTrue(Files.notExists(folder.resolve("out")), "a failed image was left");
    }

    @Test
    void aJarThatIsNotBilledFailsTheImage(Images images) throws Exception {
        images.get("deb");
        Path gateway = Files.createDirectories(folder.resolve("gateway"));
        Ran.of(folder, "cp", "-RL", home().toString() + "/.", gateway.toString())
                .well();
        Ran.of(folder, "cp", home() + ".cdx.json", gateway + ".cdx.json").well();
        Files.createFile(gateway.resolve("bundles/unknown-1.0.jar"));
        Ran ran = Ran.of(
                Path.of("").toAbsolutePath(),
                "env",
                "GATEHOUSE_IMAGE_GATEWAY=" + gateway,
                "./build",
                "deb",
                "--out",
                folder.resolve("out").toString());
        assertTrue(ran.code() != 0 && ran.said().contains("unknown-1.0"), ran.said());
    }

    @Test
    void billsWhatIsWithinAnEngineThatIsAdded() throws Exception {
        Ran.assumePrograms("the bill of materials of an engine", "jq");
        String bill = Ran.of(Path.of("").toAbsolutePath(), "sh", "-euc", """
                                IMAGES=$PWD; . lib/say.sh; . lib/tree.sh
                                copy_gateway "$1/home"
                                add_engine rauc "$1/home" router/configurations.json
                                : >"$1/packages"
                                write_sbom trial firmware "$1/home" "$1/packages" "$1/bill"
                                jq -r '.components[] | "\\(.name) \\(.licenses[0].license.id)"' "$1/bill"
                                """, "sh", folder.toString())
                .well();
        assertTrue(bill.contains("io.gatehouse.firmware.rauc Apache-2.0\n"), bill);
        assertTrue(bill.contains("dbus-java-core MIT\n"), bill);
        assertFalse(bill.contains("io.gatehouse.firmware.mender"), bill);
    }

    @Test
    void billsTheLicenceOfEachPackageAndFailsWhereNoneIsKnown() throws Exception {
        Ran.assumePrograms("the licences of packages", "jq");
        String well =
                bill("zlib1g 1 amd64\nlinux-image-6-cloud-arm64 1 arm64\nstrange 1 all /usr/share/doc/strange.copyright\n")
                        .well();
        assertTrue(well.contains("zlib1g Zlib\n"), well);
        assertTrue(well.contains("linux-image-6-cloud-arm64 GPL-2.0-only WITH Linux-syscall-note\n"), well);
        assertTrue(well.contains("strange as /usr/share/doc/strange.copyright says\n"), well);
        Ran ran = bill("zlib1g 1 amd64\nstrange 1 all\n");
        assertEquals(1, ran.code(), ran.said());
        assertTrue(ran.said().endsWith("names no licence of these packages of Debian: strange\n"), ran.said());
    }

    /** What a bill of these packages says of their licences. */
    private Ran bill(String packages) throws Exception {
        Files.writeString(folder.resolve("packages"), packages);
        return Ran.of(Path.of("").toAbsolutePath(), "sh", "-euc", """
                        IMAGES=$PWD; . lib/say.sh; . lib/tree.sh
                        write_sbom trial firmware "$GATEWAY" "$1/packages" "$1/bill"
                        jq -r '.components[] | select(.purl | startswith("pkg:deb/"))
                            | "\\(.name) \\(.licenses[0] | .expression // .license.name)"' "$1/bill"
                        """, "sh", folder.toString());
    }

    @Test
    void listsItsNamesForOneThatIsUnknown() throws Exception {
        Ran ran = Ran.of(Path.of("").toAbsolutePath(), "./build", "tar-mips");
        assertEquals(2, ran.code());
        assertTrue(ran.said().startsWith("image: no such image: tar-mips\n"), ran.said());
        assertTrue(ran.said().contains("\n  tar-armv7 "), ran.said());
    }

    @Test
    void listsTheEnginesForOneThatIsUnknown(Images images) throws Exception {
        images.get("deb");
        Ran ran = Ran.of(
                Path.of("").toAbsolutePath(),
                "./build",
                "deb",
                "--engine",
                "smoke",
                "--out",
                folder.resolve("out").toString());
        assertEquals(1, ran.code(), ran.said());
        assertTrue(
                ran.said().contains("no such engine: smoke; there are mender rauc swupdate sysupgrade\n"), ran.said());
        assertTrue(Files.notExists(folder.resolve("out")), "a failed image was left");
    }

    @Test
    void replacesNoFolderThatIsNoImage() throws Exception {
        Path mine = Files.createDirectories(folder.resolve("mine"));
        Files.writeString(mine.resolve("letter"), "dear");
        Files.createFile(mine.resolve("MANIFEST"));
        assertReplacesNot(mine);
        assertEquals("dear", Files.readString(mine.resolve("letter")));
    }

    @Test
    void replacesNoImageOfAnotherName(Images images) throws Exception {
        Path deb = folder.resolve("deb");
        Ran.of(folder, "cp", "-R", images.get("deb").folder().toString(), deb.toString())
                .well();
        List<String> before = digests(deb);
        assertReplacesNot(deb);
        assertEquals(before, digests(deb));
    }

    private static void assertReplacesNot(Path folder) throws IOException, InterruptedException {
        Ran ran = Ran.of(Path.of("").toAbsolutePath(), "./build", "openwrt", "--out", folder.toString());
        assertEquals(1, ran.code(), ran.said());
        assertTrue(ran.said().contains(folder + " is there already and is no image openwrt"), ran.said());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--check", "--out"})
    void asksForANameWhereItIsToldMoreThanToHelp(String option) throws Exception {
        Path here = Path.of("").toAbsolutePath();
        Ran ran = option.equals("--out")
                ? Ran.of(here, "./build", option, folder.resolve("out").toString())
                : Ran.of(here, "./build", option);
        assertEquals(new Ran(1, "image: name an image: ./dev image lists them\n"), ran);
    }

    private static Path home() {
        return Path.of("../runtime/gateway/target/gateway").toAbsolutePath();
    }

    private static List<String> digests(Path folder) throws IOException, InterruptedException {
        String said = Ran.of(folder, "sh", "-c", "find . -type f -exec sha256sum {} + | sort")
                .well();
        return Arrays.asList(said.split("\n"));
    }

    private static Set<String> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> root.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}

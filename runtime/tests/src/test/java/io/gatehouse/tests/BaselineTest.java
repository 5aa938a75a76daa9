package io.gatehouse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.header.OSGiHeader;
import aQute.bnd.header.Parameters;
import aQute.bnd.osgi.FileResource;
import aQute.bnd.osgi.Jar;
import aQute.bnd.version.Version;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plug-in that was built with the last release runs: what it compiled against changes only as the versions of its packages say. */
final class BaselineTest {
    private static final Path SOURCES = Path.of("../../bundles/api/src/main/java");

    @TempDir
    Path folder;

    private static List<String> broken(Jar current) throws IOException {
        try (Jar released = new Jar(Releases.lastApi().toFile())) {
            return new Baseline(released).broken(current);
        }
    }

    @Test
    void apiKeepsWhatTheLastReleasePromised() throws IOException {
        try (Jar current = new Jar(ApiPackages.jar().toFile())) {
            assertEquals(
                    List.of(), broken(current), "against " + Releases.last().getFileName());
        }
    }

    @Test
    void methodThatIsGoneNeedsANewMajorVersion() throws IOException {
        try (Jar tampered =
                tampered("diagnostics/Diagnostic", "void write(OutputStream file) throws IOException;", "")) {
            Version was = was("diagnostics");
            List<String> broken = broken(tampered);
            assertEquals(1, broken.size(), broken::toString);
            assertTrue(broken.get(0).contains("diagnostics " + needs(was, major(was))), broken::toString);
            assertTrue(
                    broken.get(0).contains("REMOVED METHOD io.gatehouse.api.diagnostics.Diagnostic write"),
                    broken::toString);
        }
    }

    @Test
    void methodThatPlugInsWouldHaveToImplementNeedsANewMajorVersion() throws IOException {
        try (Jar tampered = tampered("tunnel/TunnelTarget", "}", "String colour();}")) {
            List<String> broken = broken(tampered);
            Version was = was("tunnel");
            assertTrue(broken.toString().contains("tunnel " + needs(was, major(was))), broken::toString);
        }
    }

    @Test
    void methodThatPlugInsMayCallNeedsANewMinorVersion() throws IOException {
        try (Jar tampered = tampered("device/Device", "}", "String colour();}")) {
            List<String> broken = broken(tampered);
            Version was = was("device");
            Version minor = new Version(was.getMajor(), was.getMinor() + 1, 0);
            assertTrue(broken.toString().contains("device " + needs(was, minor)), broken::toString);
        }
    }

    @Test
    void packageThatIsGoneIsNamed() throws Exception {
        try (Jar tampered = new Jar(Releases.lastApi().toFile())) {
            tampered.removePrefix("io/gatehouse/api/tunnel/");
            Manifest manifest = tampered.getManifest();
            String exported = manifest.getMainAttributes().getValue("Export-Package");
            manifest.getMainAttributes()
                    .putValue("Export-Package", exported.replace(",io.gatehouse.api.tunnel;version=\"1.0.0\"", ""));
            tampered.setManifest(manifest);
            assertEquals(List.of("io.gatehouse.api.tunnel 1.0.0 is gone; whoever uses it is broken"), broken(tampered));
        }
    }

    /** The version of a package of the api in the last release. */
    private static Version was(String name) throws IOException {
        try (Jar released = new Jar(Releases.lastApi().toFile())) {
            return Version.parseVersion(
                    exported(released).get("io.gatehouse.api." + name).getVersion());
        }
    }

    private static Parameters exported(Jar jar) throws IOException {
        try {
            return OSGiHeader.parseHeader(jar.getManifest().getMainAttributes().getValue("Export-Package"));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) { // bnd throws nothing narrower
            throw new IOException("cannot read the manifest of " + jar, e);
        }
    }

    private static Version major(Version version) {
        return new Version(version.getMajor() + 1, 0, 0);
    }

    private static String needs(Version was, Version needed) {
        return "is " + was + " and was " + was + "; it needs " + needed;
    }

    /** The last release with one type compiled anew, from its source of now, in which the last of this was replaced. */
    private Jar tampered(String type, String text, String replacement) throws IOException {
        String name = "io/gatehouse/api/" + type;
        String source = Files.readString(SOURCES.resolve(name + ".java")).replace("@FunctionalInterface", "");
        int at = source.lastIndexOf(text);
        assertTrue(at >= 0, () -> name + " does not say " + text);
        Path file = folder.resolve(name + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, source.substring(0, at) + replacement + source.substring(at + text.length()));
        compile(file);
        Jar jar = new Jar(Releases.lastApi().toFile());
        jar.putResource(name + ".class", new FileResource(folder.resolve(name + ".class")));
        return jar;
    }

    private void compile(Path file) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String path = System.getProperty("java.class.path");
        int code = ToolProvider.getSystemJavaCompiler()
                .run(null, said, said, "-proc:none", "-cp", path, "-d", folder.toString(), file.toString());
        assertEquals(0, code, () -> said.toString(StandardCharsets.UTF_8));
    }
}

package io.gatehouse.terminal;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.protocol.Json;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What one session showed, in asciicast v2: a header, then one JSON array a line. What was typed is not in it, since passwords are typed.
 * It is bounded: beyond its limit it says so, by a marker, and stops. Trouble with the file ends the recording, not the session, and is
 * told with it.
 */
final class Recording implements AutoCloseable {
    /** Bytes that the line which says that it stops may take. */
    private static final int LAST_LINE = 128;

    private final Artifacts.Draft draft;
    private final Settings.Recorded settings;
    private final long limit;
    private final LongSupplier nanoTime;
    private final long began;
    private final Text text = new Text();
    private final OutputStream file;
    private long written;
    private boolean isTruncated;
    private String trouble = "";
    private boolean isClosed;

    /**
     * What its header says.
     *
     * @param shell the program
     * @param title for people
     */
    record Header(Size size, Instant at, String term, String shell, String title) {
        byte[] line() {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put("version", 2);
            members.put("width", size.columns());
            members.put("height", size.rows());
            members.put("timestamp", at.getEpochSecond());
            members.put("env", Map.of("TERM", term, "SHELL", shell));
            members.put("title", title);
            return Json.write(members);
        }
    }

    /**
     * Begins one.
     *
     * @param draft closed by this
     * @throws IOException where it cannot be written; the draft is closed
     */
    Recording(Artifacts.Draft draft, Header header, Settings.Recorded settings, LongSupplier nanoTime)
            throws IOException {
        this.draft = draft;
        this.settings = settings;
        this.limit = Math.min(settings.limit(), draft.limit());
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
        try {
            this.file = new BufferedOutputStream(Files.newOutputStream(draft.file()));
            write(header.line());
        } catch (IOException e) {
            draft.close();
            throw e;
        }
    }

    /** Something was shown. */
    synchronized void shown(byte[] bytes) {
        event("o", text.next(bytes));
    }

    synchronized void resized(Size size) {
        event("r", size.columns() + "x" + size.rows());
    }

    /**
     * Ends it and keeps it.
     *
     * @return what is told: {@code sha256}, {@code size}, {@code truncated} where it is, {@code problem} where it is not whole or not kept
     */
    synchronized Map<String, Object> keep(Duration life) {
        Map<String, Object> told = new LinkedHashMap<>();
        try {
            event("o", text.rest());
            file.close();
            Artifact artifact = draft.keep(life);
            told.put("sha256", artifact.sha256().hex());
            told.put("size", artifact.size());
        } catch (IOException e) {
            failed(e);
        } finally {
            close();
        }
        if (isTruncated) {
            told.put("truncated", true);
        }
        if (!trouble.isEmpty()) {
            told.put("problem", trouble);
        }
        return told;
    }

    /** As {@link #keep(Duration)}, for as long as is configured. */
    Map<String, Object> keep() {
        return keep(settings.life());
    }

    /** Lets go of it; what was not kept is gone. */
    @Override
    public synchronized void close() {
        isClosed = true;
        try (draft) {
            file.close();
        } catch (IOException e) {
            failed(e);
        }
    }

    private void event(String kind, String data) {
        if (data.isEmpty() || isTruncated || isClosed || !trouble.isEmpty()) {
            return;
        }
        try {
            byte[] line = line(kind, data);
            if (written + line.length + LAST_LINE > limit) {
                isTruncated = true;
                line = line("m", "truncated: a recording may have " + limit + " bytes");
            }
            write(line);
        } catch (IOException e) {
            failed(e);
        }
    }

    private byte[] line(String kind, String data) {
        String seconds = String.format(Locale.ROOT, "%.6f", (nanoTime.getAsLong() - began) / 1e9);
        String quoted = new String(Json.write(Map.of("", List.of(kind, data))), StandardCharsets.UTF_8);
        // the array of an object's only member: {"":["o","text"]}
        return ("[" + seconds + "," + quoted.substring(quoted.indexOf('[') + 1, quoted.length() - 1))
                .getBytes(StandardCharsets.UTF_8);
    }

    private void write(byte[] line) throws IOException {
        file.write(line);
        file.write('\n');
        written += line.length + 1;
    }

    private void failed(IOException e) {
        if (trouble.isEmpty()) {
            trouble = "the recording is not whole: " + e;
        }
    }
}

package io.gatehouse.tasks.machine;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.program.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a program says: told by notes of progress as it comes, as far as the result has it, which is its beginning; and the whole of it as an artifact
 * where that is more. Where that cannot be kept, as on a full disk, the result says why, and the program runs on. Text is UTF-8; what is none, and
 * control characters but tab and line ends, are replaced. For one thread.
 */
final class Transcript implements Program.Output, AutoCloseable {
    /** Bytes that the result has. */
    static final int MOST_TOLD = 64 << 10;

    /** Bytes that the artifact has, where it may have as many. */
    private static final long MOST_KEPT = 16 << 20;

    private static final Logger LOG = System.getLogger(Transcript.class.getName());
    private static final Duration LIFE = Duration.ofDays(1);

    /** More often than each 200 ms notes are dropped. */
    private static final long BETWEEN_NOTES = Duration.ofMillis(250).toNanos();

    private final Invocation invocation;
    private final Artifacts artifacts;
    private final LongSupplier nanoTime;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream(1024);
    private final StringBuilder text = new StringBuilder();
    private ByteBuffer undecoded = ByteBuffer.allocate(0);
    private int noted;
    private long nextNote;
    private long said;
    private @Nullable Whole whole;
    private @Nullable IOException notKept;

    Transcript(Invocation invocation, Artifacts artifacts, LongSupplier nanoTime) {
        this.invocation = invocation;
        this.artifacts = artifacts;
        this.nanoTime = nanoTime;
        this.nextNote = nanoTime.getAsLong();
    }

    @Override
    public void came(byte[] bytes, int length) {
        int fits = (int) Math.min(length, Math.max(0, MOST_TOLD - said));
        if (fits > 0) {
            beginning.write(bytes, 0, fits);
            decode(ByteBuffer.wrap(bytes, 0, fits), false);
        }
        if (fits < length) {
            addToWhole(bytes, fits, length - fits);
        }
        said += length;
        idle();
    }

    @Override
    public void idle() {
        if (noted < text.length() && nanoTime.getAsLong() - nextNote >= 0) {
            note();
        }
    }

    /** Tells what was not told yet, and keeps the whole. */
    void end() throws InterruptedException {
        decode(ByteBuffer.allocate(0), true);
        if (noted < text.length()) {
            long early = nextNote - nanoTime.getAsLong();
            if (early > 0) {
                Thread.sleep(Duration.ofNanos(early).toMillis() + 1);
            }
            note();
        }
    }

    /** Adds what there is to say of it to a result. */
    void tell(Map<String, Object> result) {
        result.put("output", text.toString());
        if (said > MOST_TOLD) {
            result.put("truncated", said - MOST_TOLD);
        }
        if (whole != null) {
            try {
                Artifact artifact = whole.keep(LIFE);
                result.put("artifact", Map.of("sha256", artifact.sha256().hex(), "size", artifact.size()));
            } catch (IOException e) {
                drop(e);
            }
        }
        if (notKept != null) {
            result.put("notKept", String.valueOf(notKept.getMessage()));
        }
    }

    /** The end of what the result would have. */
    String lastWords() {
        return text.substring(Math.max(0, text.length() - 500)).strip();
    }

    @Override
    public void close() throws IOException {
        if (whole != null) {
            whole.close();
        }
    }

    private void decode(ByteBuffer more, boolean isEnd) {
        ByteBuffer bytes = ByteBuffer.allocate(undecoded.remaining() + more.remaining());
        bytes.put(undecoded).put(more).flip();
        CharBuffer characters = CharBuffer.allocate(bytes.remaining() + 1);
        decoder.decode(bytes, characters, isEnd);
        if (isEnd) {
            decoder.flush(characters);
        }
        undecoded = bytes.slice();
        characters.flip().chars().forEach(c -> text.append(isPrintable(c) ? (char) c : '\ufffd'));
    }

    private static boolean isPrintable(int c) {
        return (c >= ' ' && c != 0x7f) || c == '\n' || c == '\r' || c == '\t';
    }

    private void note() {
        invocation.progress(0, text.substring(noted));
        noted = text.length();
        nextNote = nanoTime.getAsLong() + BETWEEN_NOTES;
    }

    private void addToWhole(byte[] bytes, int from, int length) {
        try {
            if (whole == null && notKept == null) {
                whole = Whole.begin(artifacts.draft(), MOST_KEPT, beginning.toByteArray());
            }
            if (whole != null) {
                whole.add(bytes, from, length);
            }
        } catch (IOException e) { // the program may be the one that filled the disk, and must not end half-way for that
            drop(e);
        }
    }

    private void drop(IOException cause) {
        LOG.log(Level.WARNING, "the whole of what a program said is not kept", cause);
        notKept = cause;
        try {
            close();
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        whole = null;
    }
}

package io.gatehouse.tasks.machine;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;

/** An artifact that is written as bytes come, up to a bound. */
final class Whole implements AutoCloseable {
    private final Artifacts.Draft draft;
    private final OutputStream file;
    private long room;

    private Whole(Artifacts.Draft draft, OutputStream file, long room) {
        this.draft = draft;
        this.file = file;
        this.room = room;
    }

    /**
     * Begins it.
     *
     * @param most bytes, where the draft may have as many
     */
    static Whole begin(Artifacts.Draft draft, long most, byte[] beginning) throws IOException {
        Whole whole;
        try {
            whole = new Whole(draft, Files.newOutputStream(draft.file()), Math.min(most, draft.limit()));
        } catch (IOException e) {
            draft.close();
            throw e;
        }
        try {
            whole.add(beginning, 0, beginning.length);
            return whole;
        } catch (IOException e) {
            whole.close();
            throw e;
        }
    }

    void add(byte[] bytes, int from, int length) throws IOException {
        int fits = (int) Math.min(length, room);
        file.write(bytes, from, fits);
        room -= fits;
    }

    Artifact keep(Duration life) throws IOException {
        file.close();
        return draft.keep(life);
    }

    @Override
    public void close() throws IOException {
        try {
            file.close();
        } finally {
            draft.close();
        }
    }
}

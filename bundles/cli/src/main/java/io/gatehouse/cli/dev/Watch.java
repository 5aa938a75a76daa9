package io.gatehouse.cli.dev;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;

/** Notices that something in a project's folders was saved; folders that come later are among them. Used by one thread. */
final class Watch implements AutoCloseable {
    /** An editor writes a file in several steps, and saves several files one after another. */
    private static final long BURST_ENDS_AFTER_MILLIS = 50;

    private final Project project;
    private final WatchService service;

    private Watch(Project project, WatchService service) {
        this.project = project;
        this.service = service;
    }

    /** Whatever is saved after this returned is noticed. */
    static Watch begin(Project project) throws Trouble {
        try {
            Watch watch = new Watch(project, project.folder().getFileSystem().newWatchService());
            watch.register();
            return watch;
        } catch (IOException e) {
            throw new Trouble(
                    Trouble.Kind.USAGE, "cannot watch the folders of " + project.folder() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Waits for a burst of saves, until it is over.
     *
     * @return when it began, as {@link System#nanoTime} has it
     * @throws java.nio.file.ClosedWatchServiceException when it is closed
     */
    long next() throws IOException, InterruptedException {
        WatchKey key = service.take();
        long began = System.nanoTime();
        while (key != null) {
            key.pollEvents();
            key.reset();
            key = service.poll(BURST_ENDS_AFTER_MILLIS, TimeUnit.MILLISECONDS);
        }
        register();
        return began;
    }

    /** A folder that is watched already stays so. */
    private void register() throws IOException {
        for (Path folder : project.folders()) {
            try {
                folder.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
            } catch (NoSuchFileException | NotDirectoryException ignored) {
                // gone by now
            }
        }
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException ignored) {
            // it watches nothing any more
        }
    }
}

package com.example.installer;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A disk whose power is cut after so many steps. What was not synced by then is there all the same, or half of it, or not at all. */
final class CutDisk implements Disk {
    private final Disk disk = Disk.ofMachine();
    private final boolean isForgetful;
    private final Set<Path> unsynced = new HashSet<>();
    private final List<Rename> renamed = new ArrayList<>();
    private int left;

    /** How it was before: what had the name then; empty where nothing had. */
    private record Rename(Path from, Path to, byte[] before) {}

    static final class PowerCut extends IOException {
        private static final long serialVersionUID = 1L;
    }

    CutDisk(int steps, boolean isForgetful) {
        this.left = steps;
        this.isForgetful = isForgetful;
    }

    boolean isCut() {
        return left < 0;
    }

    private void step() throws IOException {
        if (left-- == 0 && isForgetful) {
            forget();
        }
        if (left < 0) {
            left = -1;
            throw new PowerCut();
        }
    }

    private void forget() throws IOException {
        for (Path file : unsynced) {
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        }
        for (Rename rename : renamed) {
            Files.move(rename.to(), rename.from());
            if (rename.before().length > 0) {
                Files.write(rename.to(), rename.before());
            }
        }
    }

    @Override
    public OutputStream create(Path file) throws IOException {
        step();
        OutputStream out = disk.create(file);
        unsynced.add(file);
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                step();
                out.write(bytes, from, length);
            }
        };
    }

    @Override
    public void sync(Path path) throws IOException {
        step();
        disk.sync(path);
        unsynced.remove(path);
        renamed.removeIf(rename -> rename.to().getParent().equals(path));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step();
        byte[] before = Files.exists(to) ? Files.readAllBytes(to) : new byte[0];
        disk.rename(from, to);
        if (unsynced.remove(from)) {
            unsynced.add(to);
        }
        renamed.add(new Rename(from, to, before));
    }

    @Override
    public void delete(Path file) throws IOException {
        step();
        disk.delete(file);
        unsynced.remove(file);
    }
}

package com.example.installer;

import com.example.installer.BootEnvironment.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;

/** A machine in a folder, with its boot loader; and the vendor who signs its firmware. */
final class Machine {
    static final String OLD = "the old one";
    static final String NEW = "the new one, which is longer than the old one. ".repeat(4_000);

    private static final KeyPair KEYS = newKeys();

    final Path root;
    final Path folder;
    private final Path commandLine;
    private final Path key;
    private final BootEnvironment environment;

    /** One that runs the old firmware in slot a. */
    Machine(Path root) throws IOException {
        this.root = root;
        folder = Files.createDirectories(root.resolve("boot"));
        commandLine = root.resolve("cmdline");
        key = Files.writeString(
                root.resolve("firmware.pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(KEYS.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        environment = new BootEnvironment(Disk.ofMachine(), folder.resolve("boot.env"));
        Files.writeString(folder.resolve("boot.env"), "slot=a\n");
        Files.writeString(folder.resolve("slot-a"), OLD);
        restart();
    }

    static KeyPair newKeys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    TwoSlots engine(Disk disk) {
        return new TwoSlots(disk, folder, commandLine, "example-gw", key);
    }

    /** The boot loader starts what its environment says: in place of this, a real one has some lines of its script. */
    String restart() throws IOException {
        State state = state();
        String started = state.slot();
        if (state.trial().isPresent() && state.tries() > 0) {
            started = state.trial().get();
            environment.write(new State(state.slot(), state.trial(), state.tries() - 1));
        } else {
            environment.write(State.good(state.slot()));
        }
        Files.writeString(commandLine, "root=/dev/mapper/root firmware.slot=" + started + " quiet\n");
        return started;
    }

    State state() throws IOException {
        return environment.read();
    }

    String content(String slot) {
        try {
            return Files.readString(folder.resolve("slot-" + slot));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path image() throws Exception {
        return image("example-gw", NEW, KEYS);
    }

    Path image(String compatible, String content, KeyPair keys) throws Exception {
        byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        String head = "firmware " + compatible + " " + bytes.length + " " + sha256;
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initSign(keys.getPrivate());
        ed25519.update(head.getBytes(StandardCharsets.US_ASCII));
        String signature = Base64.getEncoder().encodeToString(ed25519.sign());
        return Files.writeString(root.resolve("image"), head + "\n" + signature + "\n" + content);
    }

    static KeyPair keys() {
        return KEYS;
    }
}

package io.gatehouse.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes on flash that are not what was written. */
final class DamageTest extends WithDepot {
    private static final int RECORDS = 400;
    private static final int ROUNDS = Boolean.getBoolean("gatehouse.long") ? 3000 : 300;

    private final Random random = new Random(11);
    private final CapturedLog log = new CapturedLog();

    @BeforeEach
    void fill() throws IOException {
        open(folder(), limits(MIB, 10));
        for (long number = 1; number <= RECORDS; number++) {
            store().line("observations").append(record(number));
            store().put("key-" + number % 20, record(number));
        }
        store().line("observations").remove(7);
        depot.close();
    }

    @Test
    void flippedBitCostsWhatItIsInAndIsSaid() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            Path copy = damaged(bytes -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8)));
            assertTrue(openAndCheck(copy) >= RECORDS - 3, "records left after one bit was flipped");
            assertFalse(log.isEmpty(), "it was said");
        }
    }

    @Test
    void lostNameCostsNothingWhereItStandsElsewhere() throws IOException {
        Path copy = copy();
        Path file = files(copy).get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[Frame.HEAD + 16] ^= 1; // a letter of the first name in the oldest file
        Files.write(file, bytes);

        assertEquals(RECORDS - 1, openAndCheck(copy));
        assertFalse(log.isEmpty(), "it was said");
    }

    @Test
    void lostStretchCostsWhatIsInIt() throws IOException {
        for (int round = 0; round < ROUNDS / 3; round++) {
            Path copy = damaged(bytes -> {
                int from = random.nextInt(bytes.length);
                Arrays.fill(bytes, from, Math.min(bytes.length, from + 4096), (byte) random.nextInt(2));
            });
            assertTrue(openAndCheck(copy) >= RECORDS - 50, "records left after 4096 bytes were lost");
        }
    }

    @Test
    void cutFileKeepsWhatIsBeforeTheCut() throws IOException {
        for (int round = 0; round < ROUNDS / 3; round++) {
            Path copy = copy();
            Path file = files(copy).get(random.nextInt(files(copy).size()));
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            openAndCheck(copy);
        }
    }

    @Test
    void noiseIsNoStore() throws IOException {
        for (int round = 0; round < 20; round++) {
            Path copy = damaged(random::nextBytes);
            openAndCheck(copy);
        }
    }

    @Test
    void deletedFilesAreOnlyMissing() throws IOException {
        for (Path file : files(folder())) {
            Path copy = copy();
            Files.delete(copy.resolve(file.getFileName()));
            openAndCheck(copy);
        }
    }

    @Test
    void damageThatComesWhileItIsOpenIsFoundWhenItIsRead() throws IOException {
        open(folder(), limits(MIB, 10));
        for (Path file : files(folder())) {
            byte[] bytes = Files.readAllBytes(file);
            random.nextBytes(bytes);
            Files.write(file, bytes);
        }

        assertEquals(List.of(), store().line("observations").read(0, Integer.MAX_VALUE));
        assertEquals(0, store().line("observations").count());
        IOException damaged = assertThrows(IOException.class, () -> store().get("key-3"));
        assertTrue(damaged.getMessage().contains("key-3"), damaged.getMessage());
        store().put("key-3", bytes("anew"));
        store().sync();
        assertEquals("anew", new String(store().get("key-3").orElseThrow()));
        assertFalse(log.isEmpty(), "it was said");
    }

    @Test
    void whatABundleKeepsNeverReadsAsSomethingElse() throws IOException {
        Path file = files(folder()).get(0);
        byte[] bytes = Files.readAllBytes(file);
        Path other = temporary.resolve("other");
        open(other, LIMITS);
        store("com.evil").put("smuggled", Arrays.copyOf(bytes, 100_000));
        depot.close();
        Path into = files(other).get(0);
        byte[] damaged = Files.readAllBytes(into);
        for (int at = 0; at < 200; at++) { // whatever leads to the value is damaged: only what is inside of it is left
            damaged[at] ^= 1;
        }
        Files.write(into, damaged);
        open(other, LIMITS);

        assertEquals(0, store().line("observations").count());
        assertEquals(0, store().keys().size());
    }

    private interface Damage {
        void to(byte[] bytes);
    }

    private Path damaged(Damage damage) throws IOException {
        Path copy = copy();
        Path file = files(copy).get(random.nextInt(files(copy).size()));
        byte[] bytes = Files.readAllBytes(file);
        damage.to(bytes);
        Files.write(file, bytes);
        return copy;
    }

    private Path copy() throws IOException {
        Path copy = Files.createTempDirectory(temporary, "copy");
        copy(folder(), copy);
        return copy;
    }

    /** Whatever was damaged: it opens, what it gives is what was kept, in order, and it goes on. */
    private int openAndCheck(Path folder) throws IOException {
        log.clear();
        open(folder, limits(MIB, 10));
        Store store = store();
        List<Long> numbers = new ArrayList<>();
        for (Line.Entry entry : store.line("observations").read(0, Integer.MAX_VALUE)) {
            assertArrayEquals(record(entry.number()), entry.record(), "record " + entry.number());
            numbers.add(entry.number());
        }
        assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
        for (String key : store.keys()) {
            byte[] value = store.get(key).orElseThrow();
            boolean kept = false;
            for (long number = 1; number <= RECORDS; number++) {
                kept |= key.equals("key-" + number % 20) && Arrays.equals(value, record(number));
            }
            assertTrue(kept, key + " was once put so");
        }
        store.put("goes", bytes("on"));
        store.sync();
        depot.close();
        return numbers.size();
    }
}

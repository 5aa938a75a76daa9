package io.gatehouse.protocol.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkIndexTest {
    private static final int ENTRY = 36;

    private final byte[] image = random(3_000_001, 5);

    @Test
    void chunksAreInBoundsAndMakeUpTheImage() throws IOException {
        ChunkIndex index = ChunkIndex.read(ChunkIndex.of(in(image)), image.length);
        assertEquals(image.length, index.begin(index.count()));
        for (int chunk = 0; chunk < index.count(); chunk++) {
            int from = (int) index.begin(chunk);
            byte[] bytes = Arrays.copyOfRange(image, from, from + index.length(chunk));
            byte[] digest = Sha256.digest().digest(bytes);
            assertTrue(index.is(chunk, digest));
            assertEquals(ByteBuffer.wrap(digest).getLong(), index.key(chunk));
            assertEquals(chunk, index.at(from));
            assertEquals(chunk, index.at(from + index.length(chunk) - 1L));
            digest[31] ^= 1;
            assertFalse(index.is(chunk, digest));
        }
        int usual = image.length / index.count();
        assertTrue(usual > Chunker.USUAL * 3 / 4 && usual < Chunker.USUAL * 3 / 2, "usually " + usual);
    }

    @Test
    void cutsWhatWasMovedAtTheSamePlaces() throws IOException {
        for (int more : new int[] {1, 4095, 300_000}) {
            byte[] moved = new byte[image.length + more];
            System.arraycopy(random(more, 6), 0, moved, 0, more);
            System.arraycopy(image, 0, moved, more, image.length);
            Set<Sha256> before = digests(image);
            Set<Sha256> after = digests(moved);
            int all = before.size();
            before.removeAll(after);
            assertTrue(before.size() <= 3, "of " + all + " chunks, moved by " + more + ", lost " + before.size());
        }
    }

    @Test
    void cutsTheSameWhereverTheFormulaIsWorkedOut() throws IOException {
        // What docs/firmware.md says, worked out apart from here.
        ChunkIndex index = ChunkIndex.read(ChunkIndex.of(in(counting(200_000))), 200_000);
        assertEquals(
                List.of(16_629, 17_637, 30_152, 22_311, 21_378, 25_720, 27_194, 6_833, 18_804, 13_342), lengths(index));
    }

    @Test
    void cutsZerosAtTheLargest() throws IOException {
        ChunkIndex index = ChunkIndex.read(ChunkIndex.of(in(new byte[200_000])), 200_000);
        assertEquals(List.of(65_536, 65_536, 65_536, 3_392), lengths(index));
    }

    @Test
    void cutsTheSameHoweverTheBytesCome() throws IOException {
        InputStream drops = new InputStream() {
            private final InputStream all = in(image);

            @Override
            public int read() throws IOException {
                return all.read();
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                return all.read(bytes, from, Math.min(length, 777));
            }
        };
        assertEquals(digests(image), digests(drops));
    }

    @Test
    void readsNoMoreThanIsWanted() throws IOException {
        int[] taken = new int[1];
        InputStream in = in(image);
        Chunker.cut(in, (bytes, from, length) -> ++taken[0] < 2);
        assertEquals(2, taken[0]);
        assertTrue(in.available() > 0);
    }

    @Test
    void refusesWhatIsNoIndexOfTheImage() throws IOException {
        byte[] right = ChunkIndex.of(in(image));
        assertRefused("multiple of 36", Arrays.copyOf(right, right.length - 1));
        assertRefused("the image has 3000001", Arrays.copyOf(right, right.length - ENTRY));
        assertRefused("the image has 3000001", new byte[0]);
        assertRefused("multiple of 36 and at most 4194304", new byte[ENTRY * 200_000]);
        assertRefused("4096 to 65536 bytes: 4095", with(right, 0, 4095));
        assertRefused("4096 to 65536 bytes: 65537", with(right, 0, 65_537));
        assertRefused("4096 to 65536 bytes: -1", with(right, ENTRY, -1));
        assertRefused("1 to 65536 bytes: 0", with(right, right.length - ENTRY, 0));
    }

    private void assertRefused(String why, byte[] bytes) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> ChunkIndex.read(bytes, image.length));
        assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
    }

    private static byte[] with(byte[] index, int at, int length) {
        byte[] changed = index.clone();
        ByteBuffer.wrap(changed).putInt(at, length);
        return changed;
    }

    private static List<Integer> lengths(ChunkIndex index) {
        return IntStream.range(0, index.count()).map(index::length).boxed().toList();
    }

    private static Set<Sha256> digests(byte[] bytes) throws IOException {
        return digests(in(bytes));
    }

    private static Set<Sha256> digests(InputStream in) throws IOException {
        Set<Sha256> digests = new HashSet<>();
        Chunker.cut(
                in,
                (bytes, from, length) ->
                        digests.add(Sha256.of(Arrays.copyOfRange(bytes, from, from + length))) || true);
        return digests;
    }

    private static byte[] random(int size, int seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** The numbers 0, 1, 2, … in decimal, one after the other. */
    private static byte[] counting(int size) {
        StringBuilder text = new StringBuilder();
        for (int number = 0; text.length() < size; number++) {
            text.append(number);
        }
        return text.substring(0, size).getBytes(StandardCharsets.US_ASCII);
    }

    private static ByteArrayInputStream in(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }
}

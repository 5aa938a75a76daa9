package io.gatehouse.protocol.stream;

/** What came from the other side, in the order in which it was written there. */
public sealed interface Arrival permits Arrival.Data, Arrival.Resized, Arrival.Ended, Arrival.Lost {
    /** Some bytes; they are whose they are given to. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Data(byte[] bytes) implements Arrival {}

    /** The screen has another size now. */
    record Resized(int columns, int rows) implements Arrival {
        private static final int MOST = 0xFFFF;

        public Resized {
            if (!isSize(columns, rows)) {
                throw new IllegalArgumentException("a screen of " + columns + " columns and " + rows + " rows");
            }
        }

        static boolean isSize(int columns, int rows) {
            return columns >= 1 && columns <= MOST && rows >= 1 && rows <= MOST;
        }
    }

    /**
     * The other side writes nothing more.
     *
     * @param code how the shell ended, as a process says it; 0 from the operator
     * @param reason in words; cut short, and harmless to a screen
     */
    record Ended(int code, String reason) implements Arrival {
        private static final int LONGEST = 256;

        public Ended {
            String cut = reason.length() <= LONGEST ? reason : reason.substring(0, LONGEST - 1) + "…";
            reason = cut.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9F}\\x{2028}\\x{2029}]", "?");
        }
    }

    /** Nothing more comes, and it is not known whether what was written arrived. */
    record Lost(String reason) implements Arrival {}
}

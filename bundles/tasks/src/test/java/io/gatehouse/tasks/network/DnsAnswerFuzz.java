package io.gatehouse.tasks.network;

/** What is taken for a name server's answer. */
public final class DnsAnswerFuzz {
    private static final int HEADER = 12;

    private DnsAnswerFuzz() {}

    /** Reads it as it is, and as the answer to the question that it shows. */
    public static void fuzzerTestOneInput(byte[] data) {
        read(data, new DnsQuestion(0, "a", DnsQuestion.Type.A));
        byte[] asked = new DnsQuestion(0, "a", DnsQuestion.Type.AAAA).bytes();
        byte[] answer = new byte[asked.length + data.length];
        System.arraycopy(asked, 0, answer, 0, asked.length);
        System.arraycopy(data, 0, answer, asked.length, data.length);
        answer[2] = (byte) 0x81;
        answer[HEADER - 5] = data.length == 0 ? 0 : data[0];
        read(answer, new DnsQuestion(0, "a", DnsQuestion.Type.AAAA));
    }

    private static void read(byte[] data, DnsQuestion question) {
        try {
            for (DnsRecord record : DnsAnswer.read(data, data.length, question).records()) {
                if (record.ttl() < 0 || !record.value().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                    throw new AssertionError(record + " is passed on");
                }
            }
        } catch (DnsAnswer.Malformed e) {
            String ignored = e.getMessage();
        }
    }
}

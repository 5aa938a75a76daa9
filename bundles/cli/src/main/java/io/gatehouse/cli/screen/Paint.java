package io.gatehouse.cli.screen;

/** Colors, where whoever looks can see them. What is painted is {@linkplain Plain#safe safe} then. */
public enum Paint {
    PLAIN(false),
    COLORED(true);

    private static final char ESCAPE = '\033';

    private final boolean colored;

    Paint(boolean colored) {
        this.colored = colored;
    }

    public String good(String text) {
        return paint("32", text);
    }

    public String bad(String text) {
        return paint("31", text);
    }

    public String remarkable(String text) {
        return paint("33", text);
    }

    public String strong(String text) {
        return paint("1", text);
    }

    public String faint(String text) {
        return paint("2", text);
    }

    private String paint(String code, String text) {
        String plain = Plain.safe(text);
        return colored && !plain.isEmpty() ? "\033[" + code + "m" + plain + "\033[0m" : plain;
    }

    /** So many columns of a text that may be painted, the last of them an ellipsis. */
    static String begin(String text, int columns) {
        StringBuilder kept = new StringBuilder();
        int taken = 0;
        for (int at = 0; at < text.length() && taken < columns - 1; at++) {
            int end = text.charAt(at) == ESCAPE ? text.indexOf('m', at) : -1;
            if (end < 0) {
                kept.append(text.charAt(at));
                taken++;
            } else {
                kept.append(text, at, end + 1);
                at = end;
            }
        }
        return kept.append('…')
                .append(text.indexOf(ESCAPE) < 0 ? "" : "\033[0m")
                .toString();
    }

    /** How many columns a text takes that may be painted. */
    static int columns(String text) {
        return text.replaceAll("\033\\[[0-9;]*m", "").length();
    }
}

package com.example.amqp;

/**
 * Topics, and the addresses that Apache Artemis has for them: levels are divided by dots, {@code *} is one level, {@code #} any
 * number, and whatever of these stands in a level itself is behind a backslash. So MQTT and AMQP meet at one address.
 */
final class Addresses {
    private static final char ESCAPE = '\\';

    private Addresses() {}

    /** Of a topic or a topic filter. */
    static String of(String topic) {
        StringBuilder address = new StringBuilder(topic.length() + 8);
        for (char letter : topic.toCharArray()) {
            switch (letter) {
                case '/' -> address.append('.');
                case '+' -> address.append('*');
                case '.', '*', ESCAPE -> address.append(ESCAPE).append(letter);
                default -> address.append(letter);
            }
        }
        return address.toString();
    }

    /** The topic at an address. */
    static String topic(String address) {
        StringBuilder topic = new StringBuilder(address.length());
        for (int at = 0; at < address.length(); at++) {
            char letter = address.charAt(at);
            if (letter == ESCAPE && at + 1 < address.length()) {
                topic.append(address.charAt(++at));
            } else {
                topic.append(letter == '.' ? '/' : letter);
            }
        }
        return topic.toString();
    }
}

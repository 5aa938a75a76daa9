package io.gatehouse.api.command;

/**
 * Why something was refused or failed, after RFC 9457.
 *
 * @param type one of a few lower-case words with hyphens that programs tell apart, for example {@code wrong-digest}
 * @param title the type in words
 * @param detail what exactly, with the values, and what helps
 */
public record Problem(String type, String title, String detail) {
    /** A problem whose title is its type, spelled out. */
    public Problem(String type, String detail) {
        this(type, type.replace('-', ' '), detail);
    }
}

package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Members;

/** A host and a port of it. */
record Peer(Host host, int port) {
    /** The peer that this argument names: {@code host}, {@code host:port}, an IPv6 address, or one in brackets with a port. */
    static Peer of(Members arguments, String member, int usual) {
        String text = arguments.string(member);
        int colon = text.lastIndexOf(':');
        boolean isBracketed = text.startsWith("[");
        boolean hasPort =
                isBracketed ? text.indexOf("]:") == colon - 1 && colon > 0 : colon > 0 && text.indexOf(':') == colon;
        String name = hasPort ? text.substring(0, colon) : text;
        if (isBracketed && name.endsWith("]")) {
            name = name.substring(1, name.length() - 1);
        }
        int port = hasPort ? port(text.substring(colon + 1)) : usual;
        if (!Host.isFit(name) || port == 0) {
            throw arguments.wrong(member, text, "a host, with a port if need be, such as example.org:" + usual);
        }
        return new Peer(new Host(name), port);
    }

    /** As one writes it. */
    @Override
    public String toString() {
        String name = host.name();
        return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + port;
    }

    private static int port(String text) {
        boolean isNumber = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = isNumber ? Integer.parseInt(text) : 0;
        return port <= 65535 ? port : 0;
    }
}

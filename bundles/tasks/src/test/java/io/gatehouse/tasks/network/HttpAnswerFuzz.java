package io.gatehouse.tasks.network;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What is taken for a server's answer: no body is longer than what came. */
public final class HttpAnswerFuzz {
    private HttpAnswerFuzz() {}

    /** Reads an answer to each method. */
    public static void fuzzerTestOneInput(byte[] data) {
        read("GET", data);
        read("HEAD", data);
    }

    private static void read(String method, byte[] data) {
        InputStream in = new ByteArrayInputStream(data);
        try {
            HttpHead head = HttpHead.read(in);
            long bytes = new HttpBody(method, head, in).transferTo(OutputStream.nullOutputStream());
            if (bytes > data.length || (method.equals("HEAD") && bytes > 0) || head.status() < 200) {
                throw new AssertionError(bytes + " bytes with status " + head.status() + " are read of " + data.length);
            }
        } catch (IOException e) {
            String ignored = e.getMessage();
        }
    }
}

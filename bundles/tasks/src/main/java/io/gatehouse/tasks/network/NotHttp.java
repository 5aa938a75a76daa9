package io.gatehouse.tasks.network;

import java.io.IOException;
import java.io.Serial;

/** An answer is no HTTP/1.x (RFC 9112). */
final class NotHttp extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    NotHttp(String message) {
        super(message);
    }
}

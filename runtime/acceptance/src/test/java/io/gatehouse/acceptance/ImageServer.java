package io.gatehouse.acceptance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An http server of files that knows ranges, for routers: to them this machine is 10.0.2.2. */
final class ImageServer implements AutoCloseable {
    private static final int OK = 200;
    private static final int PARTIAL = 206;

    private final Map<Path, URI> urls = new HashMap<>();
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    ImageServer() throws IOException {
        server.start();
    }

    /** Where a router gets this file; its name is that of no other. */
    URI url(Path file) {
        return urls.computeIfAbsent(file, any -> {
            String path = "/" + file.getFileName();
            server.createContext(path, exchange -> answer(exchange, file));
            return URI.create("http://10.0.2.2:" + server.getAddress().getPort() + path);
        });
    }

    private static void answer(HttpExchange exchange, Path file) throws IOException {
        try (exchange;
                InputStream in = Files.newInputStream(file)) {
            long begin = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                    .map(range -> Long.parseLong(range.replaceAll("bytes=(\\d+)-.*", "$1")))
                    .orElse(0L);
            long size = Files.size(file);
            exchange.getResponseHeaders().set("Content-Range", "bytes " + begin + "-" + (size - 1) + "/" + size);
            in.skipNBytes(begin);
            exchange.sendResponseHeaders(begin == 0 ? OK : PARTIAL, size - begin);
            try (OutputStream out = exchange.getResponseBody()) {
                in.transferTo(out);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

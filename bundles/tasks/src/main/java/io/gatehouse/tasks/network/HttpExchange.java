package io.gatehouse.tasks.network;

import io.gatehouse.tasks.time.Seconds;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, step by step, each of which is measured: {@link #connect}, {@link #ask}, {@link #body}. For one thread; an
 * interrupt ends it.
 */
final class HttpExchange implements AutoCloseable {
    private final HttpRequest request;
    private final Map<String, Object> timing = new LinkedHashMap<>();
    private final long began = System.nanoTime();
    private long lap = began;
    private @Nullable Line line;
    private @Nullable Socket socket;
    private @Nullable InputStream in;
    private Optional<ServerCertificate> certificate = Optional.empty();
    private Optional<String> tls = Optional.empty();

    /** Who says which servers are trusted; asked where there is one. */
    @FunctionalInterface
    interface Trust {
        X509ExtendedTrustManager judge() throws GeneralSecurityException;
    }

    HttpExchange(HttpRequest request) {
        this.request = request;
    }

    /**
     * Looks the host up, connects, and by https agrees on a key.
     *
     * @return whether the server is trusted; where it is not, nothing was asked of it
     */
    boolean connect(Deadline deadline, Trust trust) throws Unreached, InterruptedException {
        InetAddress address = request.host().address(deadline.left());
        lap("dns");
        line = Line.open(address, request.port(), deadline);
        lap("connect");
        socket = line.socket();
        boolean isTrusted = !request.isSecure() || isAgreed(line, trust);
        return isTrusted;
    }

    /** Asks, and reads what the answer begins with. */
    HttpHead ask() throws Unreached, InterruptedException {
        Line open = opened();
        try {
            Socket way = way();
            way.getOutputStream().write(request.bytes());
            way.getOutputStream().flush();
            BufferedInputStream answer = new BufferedInputStream(way.getInputStream());
            answer.mark(1);
            if (answer.read() < 0) {
                throw new EOFException("the connection ended without an answer");
            }
            answer.reset();
            lap("firstByte");
            in = answer;
            return HttpHead.read(answer);
        } catch (NotHttp e) {
            throw new Unreached("not-http", request.uri() + " is not answered by HTTP/1.x: " + e.getMessage(), e);
        } catch (IOException e) {
            throw open.reason(e);
        }
    }

    /** The body of the answer; its exceptions are explained by {@link #reason}. */
    InputStream body(HttpHead head) throws Unreached {
        if (in == null) {
            throw new IllegalStateException("nothing was asked yet");
        }
        try {
            return new HttpBody(request.method(), head, in);
        } catch (NotHttp e) {
            throw new Unreached("not-http", request.uri() + " is not answered by HTTP/1.x: " + e.getMessage(), e);
        }
    }

    /** What is behind an exception of the body. */
    Unreached reason(IOException e) throws InterruptedException {
        return e instanceof NotHttp
                ? new Unreached("not-http", request.uri() + " is not answered by HTTP/1.x: " + e.getMessage(), e)
                : opened().reason(e);
    }

    /** From now on another deadline counts. */
    void until(Deadline deadline) {
        line = opened().until(deadline);
    }

    /** How long each step took, in seconds, and all of them so far. */
    Map<String, Object> timing() {
        timing.put("total", Seconds.of(System.nanoTime() - began));
        return timing;
    }

    Optional<ServerCertificate> certificate() {
        return certificate;
    }

    /** The version of TLS, such as {@code TLSv1.3}. */
    Optional<String> tls() {
        return tls;
    }

    @Override
    public void close() {
        if (line != null) {
            line.close();
        }
    }

    /** By https: whether the handshake came to its end. */
    private boolean isAgreed(Line open, Trust trust) throws Unreached, InterruptedException {
        try {
            Witness witness = new Witness(trust.judge());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {witness}, null);
            SSLSocket secured = (SSLSocket) context.getSocketFactory()
                    .createSocket(open.socket(), request.host().name(), request.port(), true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            return isAgreed(open, secured, witness);
        } catch (GeneralSecurityException | IOException e) {
            throw new Unreached("tls", "this Java cannot speak TLS: " + e.getMessage(), e);
        }
    }

    private boolean isAgreed(Line open, SSLSocket secured, Witness witness) throws Unreached, InterruptedException {
        try {
            secured.startHandshake();
            lap("tls");
            socket = secured;
            tls = Optional.of(secured.getSession().getProtocol());
            certificate = witness.shown();
            return true;
        } catch (IOException e) {
            lap("tls");
            certificate = witness.shown();
            if (certificate.isPresent() && !certificate.get().isTrusted()) {
                return false;
            }
            Unreached reason = open.reason(e);
            boolean isOfTls = e instanceof SSLException && reason.type().equals("unreachable");
            throw isOfTls ? new Unreached("tls", request.uri() + " agrees on no TLS: " + e.getMessage(), e) : reason;
        }
    }

    private void lap(String step) {
        long now = System.nanoTime();
        timing.put(step, Seconds.of(now - lap));
        lap = now;
    }

    private Line opened() {
        if (line == null) {
            throw new IllegalStateException("not connected yet");
        }
        return line;
    }

    private Socket way() {
        if (socket == null) {
            throw new IllegalStateException("not connected yet");
        }
        return socket;
    }

    /** How much of a body there was. */
    record Amount(long bytes, boolean isCut) {}

    /** Reads a body up to a limit, and keeps nothing of it. */
    Amount drain(InputStream body, long limit) throws Unreached, InterruptedException {
        byte[] buffer = new byte[8 << 10];
        long bytes = 0;
        try {
            while (bytes <= limit) {
                int read = body.read(buffer, 0, (int) Math.min(buffer.length, limit + 1 - bytes));
                if (read < 0) {
                    return new Amount(bytes, false);
                }
                bytes += read;
            }
            return new Amount(limit, true);
        } catch (IOException e) {
            throw reason(e);
        }
    }
}

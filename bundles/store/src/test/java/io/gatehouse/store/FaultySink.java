package io.gatehouse.store;

import java.io.IOException;

/** A file on flash that can fail. */
class FaultySink implements Sink {
    private final Sink sink;

    FaultySink(Sink sink) {
        this.sink = sink;
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        sink.write(bytes);
    }

    @Override
    public void sync() throws IOException {
        sink.sync();
    }

    @Override
    public void truncate(long size) throws IOException {
        sink.truncate(size);
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}

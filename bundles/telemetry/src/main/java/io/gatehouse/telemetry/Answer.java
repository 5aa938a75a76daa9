package io.gatehouse.telemetry;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Reading;
import org.jspecify.annotations.Nullable;

/** What came of asking a collector once. */
sealed interface Answer permits Answer.Read, Answer.Failed {
    /**
     * It answered.
     *
     * @param bytes of the reading as JSON
     * @param isNews whether it is worth sending
     */
    record Read(Reading reading, int bytes, boolean isNews) implements Answer {}

    /** It did not, or with something that cannot be sent. */
    record Failed(String cause) implements Answer {}

    /** Asks, on this thread. Whatever the collector does ends here, as long as it ends. */
    static Answer of(Job job, int largest) {
        try {
            Collector collector = job.source.collector();
            @Nullable Reading reading = collector.read();
            if (reading == null) {
                return new Failed("answered null; Reading.nothing() says that there is nothing");
            }
            long bytes = JsonSize.of(reading.values(), largest);
            if (bytes > largest) {
                return new Failed("reading is larger than " + largest + " bytes of JSON");
            }
            return new Read(reading, (int) bytes, job.sent.isNews(reading, System.nanoTime()));
        } catch (Throwable thrown) {
            // The boundary with somebody else's code: also an OutOfMemoryError, or a LinkageError of a bundle that was
            // replaced meanwhile, is this collector's trouble alone.
            return new Failed(Cause.of(thrown));
        }
    }
}

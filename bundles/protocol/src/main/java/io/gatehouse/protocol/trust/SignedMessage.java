package io.gatehouse.protocol.trust;

import io.gatehouse.protocol.Topic;
import java.util.List;
import java.util.Optional;

/**
 * A message to a device as it arrived, with all that a signature speaks of.
 *
 * @param payload not copied: nobody writes to it
 * @param jws the values of all its user properties {@link Jws#PROPERTY}
 * @param correlation its Correlation Data
 * @param responseTopic its Response Topic
 */
@SuppressWarnings("ArrayRecordComponent") // payloads are not copied; nobody compares messages
public record SignedMessage(
        Topic topic, byte[] payload, List<String> jws, Optional<byte[]> correlation, Optional<String> responseTopic) {
    public SignedMessage {
        jws = List.copyOf(jws);
    }
}

package io.gatehouse.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SendQueueTest {
    private final SendQueue queue = new SendQueue();

    @Test
    void givesReturnedParcelsTheirOldPlaces() throws InterruptedException {
        for (String topic : List.of("a", "b", "c", "d")) {
            queue.put(Message.json(topic, new byte[0]));
        }
        List<Outgoing.Parcel> underWay = List.of(queue.take(), queue.take(), queue.take());
        underWay.forEach(Outgoing.Parcel::returned);
        List<String> again = new ArrayList<>();
        for (int parcel = 0; parcel < 4; parcel++) {
            again.add(queue.take().message().topic());
        }
        assertEquals(List.of("a", "b", "c", "d"), again);
    }
}

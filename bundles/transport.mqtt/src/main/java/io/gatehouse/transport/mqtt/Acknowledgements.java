package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Outgoing.Parcel;
import java.util.function.Consumer;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;

/** Tells each parcel of a link what the broker says to it: taken, refused for good, or to be sent again later. */
final class Acknowledgements {
    private final String broker;
    private final InFlight inFlight;
    private final Refusals refusals;
    private final Complaints complaints;
    private final Consumer<String> onGivenUp;

    /**
     * None so far.
     *
     * @param broker its address, for whoever reads a message
     * @param onGivenUp told why, where a broker takes so little that a new link is to come after a pause
     */
    Acknowledgements(
            String broker, InFlight inFlight, Refusals refusals, Complaints complaints, Consumer<String> onGivenUp) {
        this.broker = broker;
        this.inFlight = inFlight;
        this.refusals = refusals;
        this.complaints = complaints;
        this.onGivenUp = onGivenUp;
    }

    /** Hears what the broker says to the parcel of this number. */
    MqttActionListener of(long number) {
        return new MqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
                int[] codes = token.getReasonCodes();
                int code = codes == null || codes.length == 0 ? 0 : codes[0];
                inFlight.remove(number).ifPresent(parcel -> answered(parcel, code));
            }

            @Override
            public void onFailure(IMqttToken token, Throwable exception) {
                // The link is lost, and whoever gives it up returns the parcel.
            }
        };
    }

    private void answered(Parcel parcel, int code) {
        if (!Reasons.isFailure(code)) {
            refusals.taken(parcel.message());
            parcel.acknowledged();
        } else if (Reasons.isForGood(code)) {
            givenUp(parcel, "the broker says " + Reasons.words(code));
        } else {
            refused(parcel, Reasons.words(code));
        }
    }

    private void refused(Parcel parcel, String why) {
        String topic = parcel.message().topic();
        String what = broker + " does not take a message at " + topic;
        switch (refusals.refused(parcel)) {
            case LATER -> complaints.say(what, why + "; it is sent again later");
            case NEVER ->
                givenUp(
                        parcel,
                        "one was refused " + Refusals.TRIES + " times while others were taken, the last time with "
                                + why);
            case TOO_MANY -> {
                // Everything goes back into the queue, and the next link comes after a pause.
                parcel.returned();
                onGivenUp.accept(what + ", nor others: " + why);
            }
        }
    }

    private void givenUp(Parcel parcel, String why) {
        complaints.dropped(parcel.message().topic(), why);
        parcel.refused(why);
    }
}

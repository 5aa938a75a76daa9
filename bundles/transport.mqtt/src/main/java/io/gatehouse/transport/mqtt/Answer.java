package io.gatehouse.transport.mqtt;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.common.MqttException;

/** What the broker says to a request, waited for. */
record Answer(CompletableFuture<IMqttToken> token) implements MqttActionListener {
    interface Request {
        void send(MqttActionListener listener) throws MqttException;
    }

    /**
     * Sends a request and waits for its answer.
     *
     * @param trouble what the failure's message begins with
     */
    static IMqttToken to(Request request, String trouble, Duration patience) throws LinkFailure, InterruptedException {
        Answer answer = new Answer(new CompletableFuture<>());
        try {
            request.send(answer);
            return answer.token.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (MqttException | IllegalArgumentException e) {
            throw new LinkFailure(trouble + ": " + Reasons.words(e), e);
        } catch (ExecutionException e) {
            throw new LinkFailure(trouble + ": " + Reasons.words(Objects.requireNonNullElse(e.getCause(), e)), e);
        } catch (TimeoutException e) {
            throw new LinkFailure(trouble + ": no answer within " + patience.toSeconds() + " s", e);
        }
    }

    @Override
    public void onSuccess(IMqttToken answered) {
        token.complete(answered);
    }

    @Override
    public void onFailure(IMqttToken failed, Throwable exception) {
        token.completeExceptionally(exception);
    }
}

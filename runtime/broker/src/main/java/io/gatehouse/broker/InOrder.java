package io.gatehouse.broker;

import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.persistence.impl.journal.OperationContextImpl;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.ServerConsumer;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.impl.ServerSessionImpl;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Mends a gap of Artemis 2.55: with a journal, messages in quick succession overtake one another, from a client and to it.
 * What waits for the journal goes on in order within an <em>operation context</em>; but the threads that take turns with a
 * client's messages each bring a context of their own, instead of the client's. A report that overtakes a newer one would
 * stay behind as the retained one.
 */
final class InOrder implements ActiveMQServerMessagePlugin {
    private final ActiveMQServer server;

    InOrder(ActiveMQServer server) {
        this.server = server;
    }

    @Override
    public void beforeSend(
            ServerSession session, Transaction tx, Message message, boolean direct, boolean noAutoCreateQueue) {
        enter(session);
    }

    @Override
    public void beforeDeliver(ServerConsumer consumer, MessageReference reference) {
        enter(server.getSessionByID(consumer.getSessionID()));
    }

    private static void enter(@Nullable ServerSession session) {
        if (session instanceof ServerSessionImpl client) {
            OperationContextImpl.setContext(client.getSessionContext());
        }
    }
}

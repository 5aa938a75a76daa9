package io.gatehouse.cli;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import io.gatehouse.api.message.TransportProvider;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;

/** A broker in this process, which keeps what is retained and hands on in order. */
public final class MemoryBroker implements TransportProvider {
    static final URI ADDRESS = URI.create("memory://broker");

    private final Map<String, Message> retained = new LinkedHashMap<>();
    private final List<Client> clients = new CopyOnWriteArrayList<>();
    private final List<Message> published = new CopyOnWriteArrayList<>();
    private final List<URI> opened = new CopyOnWriteArrayList<>();

    @Override
    public boolean speaks(String scheme) {
        return scheme.equals("memory");
    }

    @Override
    public boolean othersListen(URI broker) {
        return false; // within a process
    }

    @Override
    public Connection open(URI broker, Endpoint endpoint, Outgoing outgoing) {
        opened.add(broker);
        Client client = new Client(endpoint, outgoing);
        if (broker.getHost().equals("nowhere")) {
            client.run(() -> endpoint.disconnected("cannot connect to memory://nowhere: unknown host"));
            return client;
        }
        synchronized (this) {
            clients.add(client);
            retained.values().forEach(client::offer);
        }
        client.run(client::hand);
        client.run(client::pump);
        return client;
    }

    @Override
    public Connection open(URI broker, SSLContext tls, Endpoint endpoint, Outgoing outgoing) {
        return open(broker, endpoint, outgoing); // nobody listens in within a process
    }

    /** The addresses of all connections, as the transport got them. */
    List<URI> opened() {
        return opened;
    }

    /** Everything that anybody published. */
    List<Message> published() {
        return published;
    }

    synchronized void publish(Message message) {
        published.add(message);
        if (message.retain()) {
            retained.put(message.topic(), message);
        }
        clients.forEach(client -> client.offer(message));
    }

    /** Every connection is lost, and found again. */
    void reconnect() {
        for (Client client : clients) {
            client.endpoint.disconnected("connection lost");
            client.endpoint.connected(() -> {});
        }
    }

    static boolean matches(String filter, String topic) {
        String[] wanted = filter.split("/", -1);
        String[] levels = topic.split("/", -1);
        for (int at = 0; at < wanted.length; at++) {
            if (wanted[at].equals("#")) {
                return true;
            }
            if (at >= levels.length || !(wanted[at].equals("+") || wanted[at].equals(levels[at]))) {
                return false;
            }
        }
        return wanted.length == levels.length;
    }

    private final class Client implements Connection {
        private final Endpoint endpoint;
        private final Outgoing outgoing;
        private final BlockingQueue<Message> waiting = new LinkedBlockingQueue<>();
        private final List<Thread> threads = new CopyOnWriteArrayList<>();

        Client(Endpoint endpoint, Outgoing outgoing) {
            this.endpoint = endpoint;
            this.outgoing = outgoing;
        }

        void run(Runnable work) {
            Thread thread = new Thread(work, "memory " + endpoint.clientId());
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }

        void offer(Message message) {
            if (endpoint.filters().stream().anyMatch(filter -> matches(filter, message.topic()))) {
                waiting.add(message);
            }
        }

        void hand() {
            try {
                endpoint.connected(() -> {});
                while (true) {
                    endpoint.receive(waiting.take());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        void pump() {
            try {
                while (true) {
                    Outgoing.Parcel parcel = outgoing.take();
                    publish(parcel.message());
                    parcel.acknowledged();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            clients.remove(this);
            threads.forEach(Thread::interrupt);
        }
    }
}

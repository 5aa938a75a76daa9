package io.gatehouse.acceptance;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What was found at brokers, as a page for people: the same findings make the same bytes. */
final class Findings {
    /** Where only what the tests started would be theirs to kill. */
    static final String NOT_TRIED = "not tried";

    private static final String NOT_LOOKED_AT = "not looked at";

    private static final String INTRODUCTION = """
            # Brokers

            Written by the tests: `BrokersTest` tells one story of a gateway's life at each broker, with a proxy in between that \
            counts. Whatever differs, the gateway goes on, and loses nothing that it had not been told to be taken.

            `./dev test` holds this page against what it finds, `./dev test --record` writes it anew. `./dev test --broker tcp://host:1883` tells the story at a broker of yours, \
            `ssl://host:8883` over TLS, and writes `runtime/acceptance/target/brokers.md`. `GATEHOUSE_BROKER_USER` and \
            `GATEHOUSE_BROKER_PASSWORD` say who comes, who must be allowed to publish and to subscribe below `dwr`, `reply`, \
            `operator`, `probe` and `crowd`; `GATEHOUSE_BROKER_TRUST` names the PEM file of who may vouch for the broker, where \
            Java does not trust them anyway.

            Each broker runs as it comes, but for this: mosquitto saves after each change and queues without a limit; Artemis \
            is as `./dev up` starts it; HiveMQ queues 100000 messages for each client, where 1000 are usual, and takes 1000 at a \
            time, where 10 are usual; moquette takes packets of 2 MiB, where 8 KiB are usual, and keeps its sessions in memory, as \
            this version cannot read back what it writes of messages with properties.

            """;

    private static final String TRAPS = """

            ## What a gateway finds out by itself

            When it connects, a gateway says in its log what a broker does not do as it should: few messages at a time, small \
            packets, no acknowledgements, nothing retained, a session that is kept for less time than it asked for, a session \
            that was lost. It goes on with each of them. Shared subscriptions it does not need.

            | trap | what the gateway does | held by |
            |---|---|---|
            | a Receive Maximum of 2, or above 32767, which Paho reads as negative | keeps to it | \
            `HostileBrokerTest.keepsToAReceiveMaximumOf2`, `LimitsTest.takesAReceiveMaximumAbove32767ForWhatItIs` |
            | packets of 256 bytes at most | drops what does not fit, with the topic and the limit in its log, and sends the rest | \
            `HostileBrokerTest.dropsWhatDoesNotFitInto256BytesAndSaysSoAndGoesOn`, \
            `HostileGatewayTest.saysWhatDoesNotFitInto256BytesAndStays` |
            | shortcomings in CONNACK | says each of them once | `LimitsTest.saysOnceWhatTheBrokerDoesNotDo` |
            | acknowledgements that get lost | connects anew when one is missing for two keep-alives, and sends again | \
            `HostileBrokerTest.doesNotWaitForEverForAnAcknowledgement`, \
            `HostileBrokerTest.sendsAgainWhatALostAcknowledgementWasFor` |
            | a broker that acknowledges and loses | cannot know; a receiver sees the gap by `boot` and `seq`, and has it sent \
            again by `resend` | `HostileGatewayTest.showsByItsNumbersWhatABrokerAcknowledgedAndLostAndSendsItAgain` |
            | one message that is refused again and again (0x80, 0x83, 0x97) | sends the others, tries that one again after \
            pauses that grow, and gives it up at the eighth refusal, if others were taken each time | \
            `MqttConnectionTest.sendsOthersWhileTheBrokerDoesNotTakeOne`, \
            `RefusalsTest.givesUpAMessageThatIsRefusedWhileOthersAreTaken` |
            | all messages refused (0x97) | keeps all of them, in their order, until the broker takes them | \
            `MqttConnectionTest.triesAgainLaterWhenTheBrokerIsFull`, \
            `RefusalsTest.blamesTheBrokerWhereManyAreRefusedAndGivesNoneOfThemUp` |
            | one subscription refused | holds the others, says so, and asks again after pauses that grow | \
            `SubscriptionsTest.holdsTheOthersWhereOneIsRefusedAndAsksForThatAgain` |
            | reason codes that Paho does not know, at which it goes deaf | knows them | \
            `SubscriptionsTest.holdsTheOthersWhereOneIsRefusedAndAsksForThatAgain`, `MqttConnectionTest.saysWhyItIsNotLetIn` |
            | topic aliases, by which Paho loses topics and reconnects for ever | uses none, either way | \
            `LimitsTest.neverSendsTopicAliases`, `LimitsTest.asksForNoTopicAliases` |
            | slow receivers, which hold up Paho's acknowledgements | goes on sending | \
            `TransportTest.goesOnSendingWhileAReceiverIsSlow` |
            | a session that is gone | subscribes anew, and gets what is desired again | \
            `TransportTest.subscribesAnewWhenTheBrokerForgotTheSession`, `SubscriptionsTest.saysThatTheBrokerLostTheSession` |
            | Paho's reconnecting, its deadlocks and its threads | a new client for each connection, and no thread left | \
            `MqttConnectionTest.livesOnSixThreadsAndLeavesNone` |
            | what cannot be decoded, which ends Paho's receiver | begins a clean session | \
            `MqttConnectionTest.startsCleanAfterWhatItCannotRead` |
            | a message that is larger than the gateway said it takes (320 KiB), or that says so | acknowledges it, says so with its \
            topic and size, and reads past it without making room for it | \
            `BoundedPacketsTest.readsPastTheLargestMessageWithoutRoomForIt`, \
            `BoundedPacketsTest.acknowledgesWhatIsTooLargeAndGoesOn` |
            | a broker that knows MQTT 3 only | says so | `MqttConnectionTest.saysThatABrokerSpeaksMqtt3Only` |
            | a line that swallows everything, stands still or breaks in the middle of a packet | notices, waits, sends again | \
            `HostileBrokerTest.noticesALineThatSwallowsEverything`, `HostileBrokerTest.outlastsALineThatStandsStill`, \
            `HostileBrokerTest.sendsAgainWhatWasCutInTheMiddle`, `HostileBrokerTest.receivesAgainWhatWasCutInTheMiddle` |
            """;

    private final Map<String, Map<Check, String>> byBroker = new HashMap<>();

    /** What is looked at, in the order of the page. */
    enum Check {
        RECEIVE_MAXIMUM("Receive Maximum that it grants"),
        PACKET_SIZE("Maximum Packet Size that it grants, in bytes"),
        ALIASES("Topic Alias Maximum that it grants"),
        SHARED("offers shared subscriptions"),
        STATUS("status `online` arrives, and is retained"),
        OBSERVATIONS("observations arrive, none missing by `seq`"),
        FEATURE("a feature is installed over MQTT, and updated"),
        COMMAND("a command is answered once, with its Correlation Data"),
        REPLACED("transport replaced: nothing lost, no `offline` seen"),
        WINDOW_UP("never has more from the gateway on its way than it grants"),
        WINDOW_DOWN("keeps to the gateway's Receive Maximum"),
        SPARES("keeps to a client's Maximum Packet Size"),
        SESSION_PLAIN("keeps a session over a plain DISCONNECT"),
        LARGE("a command of 1.5 MB harms nothing"),
        WILL("gateway killed: `offline` after the Will Delay"),
        SESSION_KILL("gateway killed: a command sent meanwhile is answered"),
        EXPIRED("gateway killed: a command that expired meanwhile is not run"),
        EXPIRY("Message Expiry Interval is less by the time that it waited"),
        LEFT("gateway stopped (Disconnect with Will): `offline` after the Will Delay"),
        SESSION_LEFT("gateway stopped: a command sent meanwhile is answered"),
        BROKER_KILL("broker killed: what was observed meanwhile arrives"),
        SESSION_BROKER("broker killed: a command that it had taken is answered"),
        LOST("session lost: what is desired arrives all the same"),
        CROWD("10 that come at once all hear what is for them");

        private final String title;

        Check(String title) {
            this.title = title;
        }
    }

    /** What it is: yes, a number, or in a sentence what is not as it should be, and what that means for a gateway. */
    synchronized void put(String broker, Check check, String finding) {
        byBroker.computeIfAbsent(broker, any -> new EnumMap<>(Check.class)).put(check, finding);
    }

    /** Whether each check was made at each of these. */
    synchronized boolean isComplete(List<String> brokers) {
        return brokers.stream().allMatch(broker -> of(broker).size() == Check.values().length);
    }

    private Map<Check, String> of(String broker) {
        return byBroker.getOrDefault(broker, Map.of());
    }

    /** Markdown, with a column for each of these. */
    synchronized String page(List<String> brokers) {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        List<String> notes = new ArrayList<>();
        page.append("| |");
        brokers.forEach(broker -> page.append(' ').append(broker).append(" |"));
        page.append("\n|---|").append("---|".repeat(brokers.size())).append('\n');
        for (Check check : Check.values()) {
            page.append("| ").append(check.title).append(" |");
            for (String broker : brokers) {
                String finding = of(broker).getOrDefault(check, NOT_LOOKED_AT);
                page.append(' ').append(cell(broker, check, finding, notes)).append(" |");
            }
            page.append('\n');
        }
        page.append("\n## What differs\n\n");
        notes.forEach(note -> page.append(note).append('\n'));
        return page.append(TRAPS).toString();
    }

    private static String cell(String broker, Check check, String finding, List<String> notes) {
        if (!finding.contains(" ") || finding.equals(NOT_LOOKED_AT) || finding.equals(NOT_TRIED)) {
            return finding;
        }
        int number = notes.size() + 1;
        notes.add(number + ". " + broker + ", " + check.title + ": " + finding + ".");
        return "**no** (" + number + ")";
    }
}

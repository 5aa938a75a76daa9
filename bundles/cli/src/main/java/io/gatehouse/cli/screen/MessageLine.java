package io.gatehouse.cli.screen;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import io.gatehouse.cli.fleet.Devices;
import io.gatehouse.cli.fleet.SecurityEvent;
import io.gatehouse.protocol.Json;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One message that a device sent, or that was sent to devices, as one line for a person or as one JSON object. */
public final class MessageLine {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final Set<String> KINDS =
            Set.of("status", "event", "reported", "desired", "cmd", "artifact", "self");

    /** More objects than these in a list are told by their number. */
    private static final int MANY = 4;

    private final Paint paint;
    private final ZoneId zone;

    public MessageLine(Paint paint, ZoneId zone) {
        this.paint = paint;
        this.zone = zone;
    }

    /** Whether it tells a person anything: the chunks of an artifact do not, nor what devices say to themselves. */
    public static boolean isWorthOne(Message message) {
        return !message.contentType().equals(Message.BYTES)
                && Devices.of(message.topic(), "self").isEmpty()
                && Devices.of(message.topic(), "artifact/get").isEmpty();
    }

    /** {@code 14:03:22  dwr/311-a1/00-11-22-33-44-55  hardware/loadavg  one=0.52 five=0.61}. */
    public String text(Message message, Instant arrived) {
        String device = device(message);
        String below = below(Plain.safe(message.topic()), device);
        Optional<Members> body = body(message);
        String values = body.filter(members -> below.equals(SecurityEvent.TOPIC))
                .flatMap(MessageLine::finding)
                .or(() -> body.map(members -> values(below, members)))
                .orElseGet(() -> message.payload().length + " bytes of " + Plain.safe(message.contentType()));
        Instant at = body.flatMap(members -> members.value("at"))
                .map(String::valueOf)
                .flatMap(MessageLine::time)
                .orElse(arrived);
        return paint.faint(LocalTime.ofInstant(at, zone).format(TIME)) + "  " + paint.faint(device) + "  "
                + topic(below) + "  " + values;
    }

    /** {@code {"topic":…,"properties":{…},"payload":{…}}}; a payload that is no JSON is told by its size. */
    public Map<String, Object> object(Message message) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("topic", message.topic());
        object.put("retain", message.retain());
        object.put("properties", properties(message.properties()));
        body(message)
                .ifPresentOrElse(
                        members -> object.put("payload", members.values()),
                        () -> object.put("bytes", message.payload().length));
        return object;
    }

    /** A name that comes more than once has a list of values. */
    private static Map<String, Object> properties(UserProperties properties) {
        Map<String, Object> values = new TreeMap<>();
        properties.forEach((name, value) -> {
            List<String> all = properties.all(name);
            values.put(name, all.size() == 1 ? value : all);
        });
        return values;
    }

    /** The device that sent it, or else whom its topic addresses. */
    private static String device(Message message) {
        return Plain.safe(message.properties().first("device").orElseGet(() -> addressed(message)));
    }

    private static String addressed(Message message) {
        String[] levels = message.topic().split("/", -1);
        StringBuilder scope = new StringBuilder(levels[0]);
        for (int level = 1; level < levels.length && !KINDS.contains(levels[level]); level++) {
            scope.append('/').append(levels[level]);
        }
        return scope.toString();
    }

    private static String below(String topic, String device) {
        return topic.startsWith(device + "/") ? topic.substring(device.length() + 1) : topic;
    }

    private String topic(String below) {
        if (below.equals(SecurityEvent.TOPIC)) {
            return paint.bad(below);
        }
        if (below.startsWith("event/")) {
            return paint.remarkable(below);
        }
        return below.startsWith("reported/") || below.equals("status") ? paint.good(below) : paint.strong(below);
    }

    private static Optional<Members> body(Message message) {
        if (message.contentType().equals(Message.BYTES)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.read(message.payload()));
        } catch (BadArgument e) {
            return Optional.empty();
        }
    }

    /** The reason and what it is about; digests are for programs. */
    private static Optional<String> finding(Members body) {
        if (!(body.value("type").orElse("") instanceof String type) || type.isEmpty()) {
            return Optional.empty();
        }
        String about = body.value("topic").map(topic -> " at " + topic).orElse("");
        String detail = body.value("detail").map(words -> ": " + words).orElse("");
        String count = body.value("count")
                .filter(number -> !number.toString().equals("1"))
                .map(number -> " (" + number + " of this kind)")
                .orElse("");
        return Optional.of(Plain.safe(type + about + detail + count));
    }

    private static String values(String below, Members body) {
        Map<String, Object> flat = new LinkedHashMap<>();
        // Of reports and wishes the digests and the long lists are for programs.
        boolean brief = below.startsWith("reported/") || below.contains("desired/");
        body.values().forEach((name, value) -> {
            if (brief && value instanceof List<?> list) {
                flat.put(Plain.safe(name), list.size());
            } else if (!name.equals("at") && !(brief && (name.equals("desired") || name.equals("spec")))) {
                flatten(name, value, flat);
            }
        });
        StringBuilder line = new StringBuilder();
        flat.forEach(
                (name, value) -> line.append(name).append('=').append(value).append(' '));
        return line.toString().stripTrailing();
    }

    /** Nested members by their paths: {@code {"a":{"b":1}}} is {@code a.b=1}. Names and texts are {@linkplain Plain#safe safe}. */
    public static Map<String, Object> flat(Map<String, ?> values) {
        Map<String, Object> flat = new LinkedHashMap<>();
        values.forEach((name, value) -> flatten(name, value, flat));
        return flat;
    }

    private static void flatten(String name, @Nullable Object value, Map<String, Object> flat) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, member) -> flatten(name + "." + key, member, flat));
        } else if (value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)) {
            if (list.size() > MANY) {
                flat.put(Plain.safe(name), "(" + list.size() + ")");
            } else {
                for (int at = 0; at < list.size(); at++) {
                    flatten(name + "[" + at + "]", list.get(at), flat);
                }
            }
        } else if (value instanceof String text && Plain.safe(text).contains(" ")) {
            flat.put(Plain.safe(name), "\"" + Plain.safe(text) + "\"");
        } else {
            flat.put(Plain.safe(name), plain(value));
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(MessageLine::plain).toList();
        }
        boolean isOfOthersWords = value instanceof String || value instanceof Map<?, ?>;
        return isOfOthersWords ? Plain.safe(String.valueOf(value)) : value;
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}

package io.gatehouse.collector.system;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** How large each file system on storage of this machine is, and how much room is left, in bytes. */
@Component
@Publishes(topic = "hardware/storage", period = "PT60S")
public final class Storage implements Collector {
    private final Path file;
    private final Function<String, Room> rooms;

    @Activate
    public Storage() {
        this(Path.of("/"), Room::of);
    }

    Storage(Path root, Function<String, Room> rooms) {
        this.file = root.resolve("proc/self/mounts");
        this.rooms = rooms;
    }

    /**
     * The room of one file system, in bytes.
     *
     * @param usable by others than the superuser
     */
    record Room(long total, long free, long usable) {
        static Room of(String mountPoint) {
            File file = new File(mountPoint);
            if (!file.isDirectory()) {
                return new Room(0, 0, 0); // a file of a storage that counts elsewhere, as containers mount them
            }
            return new Room(file.getTotalSpace(), file.getFreeSpace(), file.getUsableSpace());
        }
    }

    @Override
    public Reading read() throws IOException {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Mount mount : Mount.onStorage(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))) {
            Room room = rooms.apply(mount.point());
            if (room.total() > 0) {
                list.add(line(mount, room));
            }
        }
        return list.isEmpty() ? Reading.nothing() : Reading.of("mounts", list);
    }

    private static Map<String, Object> line(Mount mount, Room room) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("mountpoint", mount.point());
        line.put("device", mount.device());
        line.put("type", mount.type());
        line.put("readOnly", mount.isReadOnly());
        line.put("total", room.total());
        line.put("free", room.free());
        line.put("usable", room.usable());
        return line;
    }
}

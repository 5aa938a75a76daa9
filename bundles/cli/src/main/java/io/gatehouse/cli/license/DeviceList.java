package io.gatehouse.cli.license;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.license.License;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The licenses that a table wants (CSV, RFC 4180): one device a line, under a line that names the columns.
 *
 * @param licenses by their devices, in the order of the lines
 */
public record DeviceList(Map<String, License> licenses) {
    /** The column that each table has. */
    public static final String DEVICE = "device";

    private static final char BYTE_ORDER_MARK = '\ufeff';

    private static final CSVFormat FORM = CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setIgnoreEmptyLines(true)
            .setTrim(true)
            .build();

    /**
     * Reads all of it.
     *
     * @param otherwise what holds where a row says nothing
     * @throws Trouble naming the first line that will not do, with its value
     */
    public static DeviceList read(Path file, Fields otherwise, Claims claims) throws Trouble {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                CSVParser rows = FORM.parse(withoutMark(reader))) {
            checkColumns(file, rows.getHeaderNames());
            return new DeviceList(licenses(file, rows, otherwise, claims));
        } catch (NoSuchFileException e) {
            throw new Trouble(Trouble.Kind.USAGE, "no such file: " + file, e);
        } catch (CharacterCodingException e) {
            throw new Trouble(Trouble.Kind.USAGE, file + " is not UTF-8", e);
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            throw new Trouble(Trouble.Kind.USAGE, file + " is no table (CSV): " + e.getMessage(), e);
        }
    }

    /** What spreadsheets write before the first column's name. */
    private static Reader withoutMark(Reader reader) throws IOException {
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
        return reader;
    }

    private static void checkColumns(Path file, List<String> columns) throws Trouble {
        List<String> known =
                Stream.concat(Stream.of(DEVICE), Fields.CLAIMS.stream()).toList();
        if (!columns.contains(DEVICE)) {
            throw wrong(file, 1, "the first line must name the columns, and one of them " + DEVICE + ": " + columns);
        }
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            if (!seen.add(column)) {
                throw wrong(file, 1, "the column " + column + " is there twice");
            }
            if (!known.contains(column)) {
                throw wrong(file, 1, "no such column: " + column + "; there are " + String.join(", ", known));
            }
        }
    }

    private static Map<String, License> licenses(Path file, CSVParser rows, Fields otherwise, Claims claims)
            throws Trouble {
        Map<String, License> licenses = new LinkedHashMap<>();
        Map<String, Long> lines = new HashMap<>();
        Map<String, Long> ids = new HashMap<>();
        for (CSVRecord row : rows) {
            long line = rows.getCurrentLineNumber();
            if (!row.isConsistent()) {
                throw wrong(
                        file,
                        line,
                        "it has " + row.size() + " values, and there are "
                                + rows.getHeaderNames().size() + " columns");
            }
            License license = license(file, line, row, otherwise, claims);
            String device = row.get(DEVICE);
            once(file, line, lines, fileName(device), DEVICE + " " + device);
            once(file, line, ids, license.id().jti(), "id " + license.id().jti());
            licenses.put(device, license);
        }
        if (licenses.isEmpty()) {
            throw new Trouble(Trouble.Kind.USAGE, file + " names no device");
        }
        return licenses;
    }

    private static License license(Path file, long line, CSVRecord row, Fields otherwise, Claims claims)
            throws Trouble {
        Map<String, String> values = row.toMap().entrySet().stream()
                .filter(cell -> !cell.getKey().equals(DEVICE))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        try {
            values.put(Fields.FOR, DeviceName.parse(row.get(DEVICE)).toString());
            return claims.license(otherwise.under(new Fields(values)));
        } catch (WrongField e) {
            throw wrong(file, line, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw wrong(file, line, DEVICE + " is none: " + e.getMessage());
        }
    }

    private static void once(Path file, long line, Map<String, Long> lines, String key, String words) throws Trouble {
        Long before = lines.putIfAbsent(key, line);
        if (before != null) {
            throw wrong(file, line, words + " is in line " + before + " too");
        }
    }

    private static Trouble wrong(Path file, long line, String why) {
        return new Trouble(Trouble.Kind.USAGE, file + " line " + line + ": " + why + "; nothing was issued");
    }

    /** What a device's license is called in a folder. */
    static String fileName(String device) {
        return device.replace('/', '-') + ".jwt";
    }
}

package io.gatehouse.tasks.network;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a name server says of a name.
 *
 * @param type {@code A}, {@code AAAA} or {@code CNAME}
 * @param value an address, or for {@code CNAME} another name
 * @param ttl for how many seconds it may be kept
 */
record DnsRecord(String type, String value, long ttl) {
    Map<String, Object> told() {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("type", type);
        told.put(type.equals("CNAME") ? "target" : "address", value);
        told.put("ttl", ttl);
        return told;
    }
}

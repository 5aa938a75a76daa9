package io.gatehouse.software;

/**
 * One bundle of a document.
 *
 * @param id {@code group:artifact:version}
 * @param symbolicName no two parts of the software share one
 * @param version the bundle's own
 * @param sha256 of the JAR file, 64 lower-case hex digits
 * @param size of the JAR file, in bytes
 */
public record Part(String id, String symbolicName, String version, String sha256, long size) {}

package io.gatehouse.store;

/**
 * What has one place: a value or a record.
 *
 * @param table the number of the table that it is in
 * @param number a record's in its line; 0 for a value
 * @param key a value's; empty for a record
 */
record Item(int table, long number, String key) {}

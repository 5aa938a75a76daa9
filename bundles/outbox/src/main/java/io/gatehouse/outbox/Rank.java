package io.gatehouse.outbox;

/** What leaves first; where room runs out, what is ranked last is dropped first. */
enum Rank {
    /** Replies, requests and reports. */
    ANSWER,
    EVENT,
    OBSERVATION
}

package io.gatehouse.cli.firmware;

/** How far one device is. */
enum Standing {
    /** It runs what is wanted, and that proved itself. */
    APPLIED,
    /** It has not come to an end, and is waited for. */
    WORKING,
    /** It is there, has not begun in all the time that a step is given, and is not waited for any more. */
    LATE,
    /** It refused, failed or went back; or it began, and was not heard of since for as long as a step is given. */
    FAILED,
    /** It is not there, and has not begun. */
    OFFLINE
}

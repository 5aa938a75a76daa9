package io.gatehouse.firmware;

/** How far an attempt came. */
enum Stage {
    /** The slot that does not run is being written, or was left so. */
    INSTALLING,

    /** It is written. */
    INSTALLED,

    /** The boot loader is told, or was about to be. */
    ACTIVATED,

    /** It was started at least once, on trial. */
    STARTED,

    /** It runs and proved itself: it will be kept. */
    PROVEN
}

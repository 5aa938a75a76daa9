package io.gatehouse.firmware;

import java.time.Duration;

/** How a turn, or a part of it, ended. */
sealed interface Turn permits Turn.Free, Turn.Settled, Turn.Later {
    Turn FREE = new Free();
    Turn SETTLED = new Settled();

    /** Nothing is under way: what is wanted may be looked at. */
    record Free() implements Turn {}

    /** There is nothing to do until something new is wanted. */
    record Settled() implements Turn {}

    /** It is to be tried again. */
    record Later(Duration after) implements Turn {}
}

package io.gatehouse.api.device;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What time it is, as far as this device can know. A machine's clock may have been set wrong, or begin in 1970 at each start; what somebody signed whom the
 * device trusts was not signed in the future.
 */
@ProviderType
@FunctionalInterface
public interface DeviceClock {
    /** The time now. */
    Time time();

    /**
     * A moment.
     *
     * @param wall what the machine's clock says, right or not
     * @param floor a time that is certainly over: the greatest of when the software was built, what was kept, and the signed times that were
     *     believed. It only rises
     * @param isKnown whether the machine's clock can be right: it is not, or hardly, behind the floor
     */
    record Time(Instant wall, Instant floor, boolean isKnown) {
        /** The latest time that is not later than now, as far as the clock is not ahead. */
        public Instant now() {
            return isKnown && wall.isAfter(floor) ? wall : floor;
        }
    }
}

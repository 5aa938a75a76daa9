package io.gatehouse.tasks.network;

/** The channels of IEEE 802.11: 2.4 GHz (15.4.4.3), 5 GHz (17.3.8.3) and 6 GHz (27.3.23.2). */
final class WifiChannel {
    private WifiChannel() {}

    /** The channel at this frequency in MHz; 0 where there is none. */
    static int of(double mhz) {
        int whole = (int) Math.round(mhz);
        if (whole == 2484) {
            return 14;
        }
        if (whole >= 2412 && whole <= 2472) {
            return (whole - 2407) / 5;
        }
        if (whole >= 5000 && whole < 5935) {
            return (whole - 5000) / 5;
        }
        if (whole == 5935) {
            return 2;
        }
        return whole > 5950 && whole <= 7115 ? (whole - 5950) / 5 : 0;
    }

    /** The frequency of a channel of the 2.4 or 5 GHz band, in MHz; 0 where there is none. Those of 6 GHz have numbers that these have too. */
    static int mhz(int channel) {
        if (channel == 14) {
            return 2484;
        }
        if (channel >= 1 && channel <= 13) {
            return 2407 + 5 * channel;
        }
        return channel >= 32 && channel <= 177 ? 5000 + 5 * channel : 0;
    }
}

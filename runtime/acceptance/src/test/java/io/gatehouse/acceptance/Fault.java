package io.gatehouse.acceptance;

/** What happens to a gateway that stands on a pole for ten years, in the order of the page. */
enum Fault implements RecordedTable.Row {
    BROKER_KILLED(
            "broker killed (`kill -9`) and started again",
            "keeps what goes out, comes back",
            "FaultsOfTheBrokerTest.outlivesABrokerThatIsKilled"),
    BROKER_FROZEN(
            "broker frozen (SIGSTOP) for 30 s, in the sweep for 60 s",
            "notices by its keep alive (10 s here), comes back",
            "FaultsOfTheBrokerTest.outlivesABrokerThatStandsStill"),
    SESSION_LOST(
            "broker killed, and all that it kept deleted",
            "subscribes anew",
            "FaultsOfTheBrokerTest.outlivesABrokerThatForgetsEverything"),
    HALF_OPEN(
            "half-open connection: both ends are there, and what each says is swallowed",
            "notices by its keep alive (10 s here), connects anew",
            "FaultsOfTheNetworkTest.noticesThatItsConnectionIsHalfOpen"),
    BAD_LINE(
            "a line of 2 s there and back that loses a fifth of all packets, each way",
            "goes on, slower",
            "FaultsOfTheNetworkTest.worksOnALineThatIsSlowAndLosesPackets"),
    NO_NAMES(
            "DNS: no server answers, then one answers again",
            "asks until it is answered",
            "FaultsOfTheNetworkTest.findsTheBrokerOnceItsNameIsKnownAgain"),
    CLOCK(
            "started in 1970; the clock set to now, 20 years ahead, 10 years back, and to now again",
            "goes on; beyond now it refuses commands as `expired`, no longer than that",
            "FaultsOfTheDeviceTest.goesOnWhateverTheClockSays"),
    FLASH_FULL(
            "flash full, the broker away for 15 s meanwhile",
            "keeps in memory what it cannot write, says so, and writes it when there is room",
            "FaultsOfTheDeviceTest.goesOnWhileItsFlashIsFull"),
    FLASH_FULL_START(
            "killed and started while the flash is full",
            "starts, and does its work",
            "FaultsOfTheDeviceTest.startsWhileItsFlashIsFull"),
    FLASH_READ_ONLY(
            "flash read-only for whatever is opened, the broker away for 15 s meanwhile",
            "says what it cannot keep, and does its work",
            "FaultsOfTheDeviceTest.goesOnWhileItsFlashIsReadOnly"),
    NO_HANDLES(
            "no file handles left, the connection cut meanwhile",
            "tries until there are some",
            "FaultsOfTheDeviceTest.comesBackAfterItHadNoFileHandles"),
    KILLED(
            "gateway killed (`kill -9`) under load",
            "answers each command, after its start where it must, and never with two different ends",
            "FaultsOfTheDeviceTest.losesNothingWhenItIsKilledUnderLoad"),
    KILLED_AWAY(
            "gateway killed (`kill -9`) while the broker was away for 15 s",
            "has what it observed, but for the last `seconds` (10)",
            "FaultsOfTheDeviceTest.losesNoMoreThanAllowedWhenItIsKilledWithoutABroker"),
    ARTIFACT_MQTT(
            "artifact server over MQTT dies at each tenth",
            "asks again from where it was",
            "FaultsOfArtifactsTest.fetchesOverMqttThoughTheServerDiesAtEachTenth"),
    ARTIFACT_HTTP(
            "artifact server over http dies at each tenth",
            "asks by Range from where it was",
            "FaultsOfArtifactsTest.fetchesOverHttpThoughTheServerDiesAtEachTenth");

    private final String what;
    private final String answer;
    private final String test;

    Fault(String what, String answer, String test) {
        this.what = what;
        this.answer = answer;
        this.test = test;
    }

    @Override
    public String title() {
        return what + " | " + answer;
    }

    @Override
    public String test() {
        return test;
    }
}

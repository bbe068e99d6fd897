import OrcaCLI
import Testing

@Suite struct DurationTests {
    @Test(arguments: [
        ("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("2h", 7_200_000), ("1d", 86_400_000), ("1h30m", 5_400_000),
        ("7", 7000), ("0", 0),
    ])
    func readsDurations(text: String, milliseconds: Int64) {
        #expect(DurationText.milliseconds(text) == milliseconds)
    }

    @Test(arguments: [
        "", "s", "5x", "-5s", "5 s", "1.5h", "99999999999999999999s", "9223372036854775807d", "10000d", "5m3",
    ])
    func refusesWhatIsNoDuration(text: String) {
        #expect(DurationText.milliseconds(text) == nil)
    }

    @Test(arguments: [
        (0, "0s"), (7, "7ms"), (3000, "3s"), (250_000, "4m 10s"), (240_000, "4m"), (7_500_000, "2h 5m"),
        (273_600_000, "3d 4h"),
    ])
    func writesTheTwoLargestUnits(milliseconds: Int64, text: String) {
        #expect(DurationText.text(milliseconds: milliseconds) == text)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2030-01-31T08:00:00Z", 1_896_076_800_000),
        ("2030-01-31T09:30:00.25+01:30", 1_896_076_800_250),
        ("2000-02-29 00:00:00z", 951_782_400_000), ("1969-12-31T23:59:59Z", -1000), ("+15m", 901_000),
    ])
    func readsTimes(text: String, milliseconds: Int64) {
        #expect(TimeText.milliseconds(text, now: 1000) == milliseconds)
    }

    @Test(arguments: [
        "", "tomorrow", "2030-02-30T00:00:00Z", "2030-13-01T00:00:00Z", "2030-01-01T24:00:00Z", "2030-01-01T00:00:00",
        "2030-01-01T00:00:00.Z", "+x",
    ])
    func refusesWhatIsNoTime(text: String) {
        #expect(TimeText.milliseconds(text, now: 0) == nil)
    }

    @Test func writesTimesThatItReads() {
        for day in stride(from: -40_000, through: 40_000, by: 13) {
            let milliseconds = Int64(day) * 86_400_000 + 3_723_000
            let text = TimeText.utc(milliseconds: milliseconds)
            #expect(TimeText.milliseconds(text.replacing(" ", with: "T") + "Z", now: 0) == milliseconds)
        }
    }
}

import OrcaSupport
import Testing

@Suite struct BackoffTests {
    /// Always the least or always the greatest number.
    private struct Fixed: RandomNumberGenerator {
        let value: UInt64
        mutating func next() -> UInt64 { value }
    }

    @Test func waitsDoubleUpToTheMaximum() {
        let backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(1))
        var most = Fixed(value: .max)
        let waits = (0..<7).map { backoff.delay(attempt: $0, random: &most) }
        #expect(waits == [100, 200, 400, 800, 1000, 1000, 1000].map { .milliseconds($0) })
    }

    @Test func jitterTakesAtMostHalf() {
        let backoff = Backoff(initial: .milliseconds(100), maximum: .seconds(1))
        var least = Fixed(value: 0)
        #expect(backoff.delay(attempt: 3, random: &least) == .milliseconds(400))
        var random = SystemRandomNumberGenerator()
        for attempt in 0..<200 {
            let wait = backoff.delay(attempt: attempt % 12, random: &random)
            #expect(wait >= .milliseconds(50) && wait <= .seconds(1))
        }
    }
}

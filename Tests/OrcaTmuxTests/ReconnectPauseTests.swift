import OrcaTmux
import Testing

@Suite struct ReconnectPauseTests {
    @Test func aConnectionThatHeldIsMadeAgainAtOnceAndOthersLaterAndLater() {
        var pause = ReconnectPause()
        pause.succeeded(0)
        pause.failed(60_000)
        #expect(pause.at == 60_000)
        var now: Int64 = 60_000
        var tries = 0
        while now < 60_000 + 3_600_000 {
            let isDue = [pause.isDue(now), pause.isDue(now)]
            #expect(isDue == [true, false], "due once")
            tries += 1
            pause.succeeded(now)
            pause.failed(now + 50)
            now = pause.at ?? .max
        }
        #expect(tries < 400, "an hour of connections that break at once")
        pause.succeeded(now)
        pause.failed(now + ReconnectPause.goodMS)
        #expect(pause.at == now + ReconnectPause.goodMS)
    }
}

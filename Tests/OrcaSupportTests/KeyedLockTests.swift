import OrcaSupport
import Synchronization
import Testing

@Suite struct KeyedLockTests {
    private struct Refused: Error {}

    /// How many are inside at once, and the most there ever were.
    private final class Visits: Sendable {
        private let state = Mutex<(now: [String: Int], most: [String: Int])>(([:], [:]))

        var most: [String: Int] { state.withLock(\.most) }

        func enter(_ key: String) {
            state.withLock { state in
                let now = (state.now[key] ?? 0) + 1
                state.now[key] = now
                state.most[key] = max(state.most[key] ?? 0, now)
            }
        }

        func leave(_ key: String) { state.withLock { $0.now[key, default: 0] -= 1 } }
    }

    @Test func oneAtATimeForEachKeyAndKeysDoNotWaitForEachOther() async throws {
        let lock = KeyedLock()
        let visits = Visits()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<300 {
                group.addTask {
                    let key = "key \(number % 3)"
                    await lock.holding(key) {
                        visits.enter(key)
                        await Task.yield()
                        visits.leave(key)
                    }
                }
            }
        }
        #expect(visits.most == ["key 0": 1, "key 1": 1, "key 2": 1])
        // Another key is free while one is held.
        let inner = await lock.holding("a") { await lock.holding("b") { 7 } }
        #expect(inner == 7)
    }

    @Test func whoFailsLetsTheNextOneIn() async throws {
        let lock = KeyedLock()
        await #expect(throws: Refused.self) {
            try await lock.holding("a") { () async throws(Refused) in throw Refused() }
        }
        #expect(await lock.holding("a") { true })
    }
}

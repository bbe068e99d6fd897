package import OrcaDomain
import OrcaSupport
import Synchronization

/// Where ids and jitter come from. Seeded, it gives the same ones again.
package final class Chance: Sendable {
    private struct State {
        var maker = OrderedIdentifierMaker()
        var random: SeededRandom
    }

    private let state: Mutex<State>

    /// - Parameter seed: for simulation and tests; a server takes its own from the system.
    package init(seed: UInt64) {
        state = Mutex(State(random: SeededRandom(seed: seed)))
    }

    package convenience init() {
        var system = SystemRandomNumberGenerator()
        self.init(seed: system.next())
    }

    /// The unique part of an id, ordered by time.
    package func suffix(at now: Timestamp) -> String {
        state.withLock { $0.maker.next(milliseconds: now.milliseconds, random: &$0.random) }
    }

    /// A number in 0 ..< 1.
    package func unit() -> Double {
        state.withLock { $0.random.unit() }
    }
}

extension CommandContext {
    func newID<Kind>(_: Kind.Type = Kind.self) -> Identifier<Kind> {
        Identifier(suffix: chance.suffix(at: now))
    }
}

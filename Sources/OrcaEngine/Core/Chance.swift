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

    /// The unique part of an id whose form others expect: 12 hexadecimal digits, in no order.
    package func shortSuffix() -> String {
        let number = state.withLock { $0.random.next() } & 0xFFFF_FFFF_FFFF
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 12 - digits.utf8.count) + digits
    }

    /// A random UUID (version 4), in lower case.
    package func uuid() -> String {
        let (high, low) = state.withLock { ($0.random.next(), $0.random.next()) }
        return UUIDText.random(high, low)
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

    /// For messages, gates and runs.
    func newShortID<Kind>(_: Kind.Type = Kind.self) -> Identifier<Kind> {
        Identifier(suffix: chance.shortSuffix())
    }
}

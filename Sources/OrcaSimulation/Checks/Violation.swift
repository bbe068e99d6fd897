/// An invariant that does not hold: the reason for a failed run.
package struct Violation: Error, Sendable, CustomStringConvertible {
    /// Number in `docs/guarantees.md`.
    package var invariant: Int
    package var what: String

    package init(_ invariant: Int, _ what: String) {
        self.invariant = invariant
        self.what = what
    }

    package var description: String { "invariant \(invariant): \(what)" }
}

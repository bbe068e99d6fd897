package import OrcaDomain

/// Looks at checkouts for whoever hands out work in them.
package protocol CheckoutProbe: Sendable {
    /// How far the checkout at `directory` is behind its base, after the base was fetched; `nil` when it is no checkout,
    /// has no base, or cannot be asked now: that is no reason to hold work back.
    func drift(of directory: String) async -> WorkerPreamble.Drift?
}

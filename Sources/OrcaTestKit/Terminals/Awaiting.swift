import OrcaSupport

/// Waits until something is so that nobody announces, without holding a thread; fails with the words when it does not
/// become so in time.
package func awaitTruth(
    _ what: @autoclosure () -> String, within limit: Duration = .seconds(20), _ isSo: () async throws -> Bool
) async throws {
    let deadline = Deadline.after(limit)
    while try await !isSo() {
        if deadline.hasPassed { throw ContractBreach(description: "not in time: \(what())") }
        try await Task.sleep(for: .milliseconds(5))
    }
}

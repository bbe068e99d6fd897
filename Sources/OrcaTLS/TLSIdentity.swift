import OrcaSupport
import Synchronization

/// A server's certificate that may be renewed while the server runs: its files are looked at now and then.
package final class TLSIdentity: Sendable {
    private struct State {
        var context: TLSContext
        var times: [Int64?]
        var lookedAtMS: Int64
    }

    private let files: TLSFiles
    private let state: Mutex<State>
    /// Called with what went wrong when new files are no good; the old ones stay in use.
    private let complain: @Sendable (String) -> Void

    /// Milliseconds between two looks.
    package static let lookMS: Int64 = 5_000

    /// Throws when the files cannot be used.
    package init(_ files: TLSFiles, complain: @escaping @Sendable (String) -> Void = { _ in }) throws(TLSError) {
        self.files = files
        self.complain = complain
        let times = Self.times(files)
        state = Mutex(State(context: try .server(files), times: times, lookedAtMS: .min))
    }

    /// What connections are made with now. `nowMS` is of any steady clock.
    package func context(nowMS: Int64) -> TLSContext {
        state.withLock { state in
            guard nowMS >= state.lookedAtMS + Self.lookMS else { return state.context }
            state.lookedAtMS = nowMS
            let times = Self.times(files)
            guard times != state.times else { return state.context }
            // Also when they are no good: one complaint for each change is enough.
            state.times = times
            do throws(TLSError) {
                state.context = try .server(files)
            } catch {
                complain("The TLS certificate was changed and cannot be used; the old one stays in use: \(error)")
            }
            return state.context
        }
    }

    private static func times(_ files: TLSFiles) -> [Int64?] {
        [files.certificate, files.key, files.clientAuthorities].map { $0.flatMap(Files.modifiedNS) }
    }
}

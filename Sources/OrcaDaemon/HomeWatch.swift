import OrcaRuntime
import OrcaSupport

/// Ends a server whose files were taken away: nobody finds it any more, another one may already stand in its place, and
/// what it still writes to a deleted database would be lost.
///
/// The server keeps all of the files open, so that none of their identities goes to a new file while it lives.
struct HomeWatch: Sendable {
    private let clock: any RuntimeClock
    private let control: DaemonControl
    private let files: [(what: String, path: String, identity: FileIdentity)]

    /// How long a server goes on at most after its files have gone.
    static let stepMS: Int64 = 1_000

    /// Remembers the files as they are now; one that is not there is not watched.
    init(clock: any RuntimeClock, control: DaemonControl, files: [(what: String, path: String)]) {
        self.clock = clock
        self.control = control
        self.files = files.compactMap { file in
            FileIdentity(file.path).map { (file.what, file.path, $0) }
        }
    }

    func run() async {
        while !Task.isCancelled {
            await clock.sleep(milliseconds: Self.stepMS)
            guard let lost = files.first(where: { FileIdentity($0.path) != $0.identity }) else { continue }
            let how = FileIdentity(lost.path) == nil ? "was deleted" : "was replaced"
            control.note("the \(lost.what) \(lost.path) \(how) while the server was using it")
            return control.stop(reason: "the \(lost.what) \(how)")
        }
    }
}

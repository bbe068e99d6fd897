import OrcaSupport
import Synchronization

/// What threads found out, collected.
final class Results: Sendable {
    private let kept = Mutex<[Subprocess.Result]>([])

    func add(_ result: Subprocess.Result) { kept.withLock { $0.append(result) } }
    var all: [Subprocess.Result] { kept.withLock { $0 } }
}

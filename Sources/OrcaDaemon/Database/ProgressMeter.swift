import Glibc
import OrcaSupport

/// Says on standard error how far long work is: to a person once a second, in one line that changes; to a log every ten
/// seconds, in a line of its own.
final class ProgressMeter {
    private let isPerson = isatty(STDERR_FILENO) == 1
    private let every: Duration
    private var next: Deadline
    private var isShown = false

    init() {
        every = isPerson ? .seconds(1) : .seconds(10)
        next = .after(every)
    }

    func tell(_ count: StateArchive.Count) { tell("\(count.table): \(count.rows) rows") }

    func tell(_ text: String) {
        guard next.hasPassed else { return }
        next = .after(every)
        isShown = true
        say(isPerson ? "\r\u{1B}[K\(text)" : text + "\n")
    }

    func end() {
        if isShown, isPerson { say("\r\u{1B}[K") }
    }

    private func say(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)  // nobody to tell
    }
}

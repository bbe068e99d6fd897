import CSQLite
import OrcaStore

/// Copies a database page by page while its server works on, by SQLite's own backup.
package enum SQLiteBackup {
    /// How many pages are copied before others get their turn.
    private static let pagesPerStep: Int32 = 2_000

    /// - Parameters:
    ///   - target: a file that is not there yet.
    ///   - progress: is told how many pages are done, and of how many.
    package static func copy(
        from source: String, to target: String, progress: (_ done: Int, _ all: Int) -> Void
    ) throws {
        let from = try SQLiteConnection(.readOnly(path: source))
        let to = try SQLiteConnection(.readWrite(path: target))
        try from.backUp(to: to, pagesPerStep: pagesPerStep, progress: progress)
        // One file, without a log beside it.
        try to.run(script: "PRAGMA journal_mode = DELETE")
    }
}

import OrcaRuntime
import OrcaSQL

/// Copies all state from one database into an empty other one, row by row, and reads it back to compare.
struct StateCopy {
    let source: DatabaseEnd
    let target: DatabaseEnd
    /// Changes a value on its way, by the name of its column.
    let adapt: (String, SQLValue) -> SQLValue

    struct Difference: Error, CustomStringConvertible {
        let description: String
    }

    func carryOut(now: Int64, progress: (StateArchive.Count) -> Void) throws -> [StateArchive.Count] {
        let from = try source.reading()
        let found = try Migrator.version(of: from)
        guard found == Migration.newest else {
            throw DaemonError(
                message:
                    "\(source.display) has schema \(found), this version \(Migration.newest). Run 'orca db migrate' first.",
                exitCode: 4)
        }
        try from.run(script: from.dialect.beginSnapshot)
        return try target.filling(now: now) { db in
            try TableImage.all(of: from).map { table in
                let written = try copy(table, from, db, progress)
                let read = try Self.count(table, in: db, progress)
                guard written == read else {
                    throw Difference(
                        description: "'\(table.name)' came out otherwise than it went in: \(written.rows) rows "
                            + "\(written.digest.prefix(12)), then \(read.rows) rows \(read.digest.prefix(12))")
                }
                return written
            }
        }
    }

    private func copy(
        _ table: TableImage, _ from: any SQLConnection, _ db: any SQLConnection,
        _ progress: (StateArchive.Count) -> Void
    ) throws -> StateArchive.Count {
        let names = table.columns.map(\.name)
        let insertion = table.insertion(of: names)
        var digest = DigestStream()
        var count = StateArchive.Count(table: table.name, rows: 0, digest: "")
        try table.read(from: from) { row in
            let adapted = zip(names, row).map { adapt($0, $1) }
            digest.add(StateArchive.line(adapted) + [StateArchive.newline])
            try db.post(insertion, adapted)
            count.rows += 1
            if count.rows % 1_000 == 0 { progress(count) }
        }
        try table.continueNumbers(in: db)
        count.digest = digest.end()
        progress(count)
        return count
    }

    private static func count(
        _ table: TableImage, in db: any SQLConnection, _ progress: (StateArchive.Count) -> Void
    ) throws -> StateArchive.Count {
        var digest = DigestStream()
        var count = StateArchive.Count(table: table.name, rows: 0, digest: "")
        try table.read(from: db) { row in
            digest.add(StateArchive.line(row) + [StateArchive.newline])
            count.rows += 1
            if count.rows % 1_000 == 0 {
                progress(StateArchive.Count(table: table.name + ", compared", rows: count.rows, digest: ""))
            }
        }
        count.digest = digest.end()
        return count
    }
}

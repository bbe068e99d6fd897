import OrcaPostgres
import OrcaSupport
import OrcaTestKit
import Testing

/// `orca db`: state moves between databases whole, or not at all.
@Suite(.serialized) struct DatabaseCommandTests {
    private func emptyDatabase(_ cluster: PostgresCluster) throws -> String {
        let name = try cluster.database(isMigrated: false).display.split(separator: "@")[0].split(separator: ":")[1]
        return cluster.uri(String(name))
    }

    private func filled() throws -> Installation {
        let place = try Installation()
        try place.orca("project", "create", "API")
        for number in 1...30 {
            try place.orca("task", "create", "Task \(number) “✓”", "--project", "API", "--spec", "line\nline \(number)")
        }
        try place.orca("task", "claim", "API-1", "--agent", "me")
        return place
    }

    /// The digests of all tables, from an answer in JSON.
    private func digests(_ answer: String) throws -> [String: String] {
        let tables = try JSONValue(jsonBytes: Array(answer.utf8))["tables"]?.arrayValue ?? []
        return Dictionary(
            tables.map { ($0["table"]?.stringValue ?? "", $0["sha256"]?.stringValue ?? "") },
            uniquingKeysWith: { first, _ in first })
    }

    @Test func aStoreMovesToPostgresAndBackWhileItsServerWorks() throws {
        let cluster = try PostgresCluster.shared()
        let place = try filled()
        let (postgres, file) = (try emptyDatabase(cluster), place.folder.path("back.db"))
        let there = try digests(place.orca("db", "copy", postgres, "--json"))
        let back = try digests(place.orca("db", "copy", file, "--database", postgres, "--json"))
        #expect(there.count > 10 && there == back)
        try place.orca("stop")
        try place.orca("config", "set", "database", postgres)
        #expect(try place.orca("task", "show", "API-1").contains("Task 1 “✓”"))
        #expect(try place.orca("task", "create", "The next", "--project", "API").contains("API-31"))
        let again = try place.answer(["db", "copy", postgres, "--database", file])
        #expect(again.code == 4 && again.errorText.contains("is not empty"), "\(again.errorText)")
        try place.orca("db", "check")
        #expect(try place.orca("db", "status").contains("tasks"))
    }

    @Test func anExportIsReadBackAsItWasAndNotWhenItIsDamaged() throws {
        let cluster = try PostgresCluster.shared()
        let place = try filled()
        let (export, copy) = (place.folder.path("state.ndjson"), place.folder.path("copy.db"))
        let written = try digests(place.orca("db", "export", export, "--json"))
        let postgres = try emptyDatabase(cluster)
        _ = try digests(place.orca("db", "import", export, "--database", postgres, "--json"))
        let second = place.folder.path("second.ndjson")
        let read = try digests(place.orca("db", "export", second, "--database", postgres, "--json"))
        #expect(written.filter { $0.key != "repos" } == read.filter { $0.key != "repos" })
        try place.expectRefusal(["db", "export", export], code: 4, "is there already")
        var lines = try Files.readText(export).split(separator: "\n").map(String.init)
        lines.removeAll { $0.contains("Task 7 “✓”") }
        try Files.write(lines.joined(separator: "\n") + "\n", to: place.folder.path("less"))
        try place.expectRefusal(
            ["db", "import", place.folder.path("less"), "--database", copy], code: 1, "are not those that were written")
        lines.removeLast(3)
        try Files.write(lines.joined(separator: "\n") + "\n", to: place.folder.path("cut"))
        let cut = try place.answer(["db", "import", place.folder.path("cut"), "--database", copy])
        #expect(cut.code == 1, "\(cut.errorText)")
        try place.orca("db", "import", export, "--database", copy)
    }

    @Test func aBackupIsMadeWhileTheServerWorksAndRestored() throws {
        let place = try filled()
        let (backup, restored) = (place.folder.path("backup.db"), place.folder.path("restored.db"))
        try place.orca("db", "backup", backup)
        try place.orca("task", "create", "Later", "--project", "API")
        try place.orca("db", "restore", backup, "--database", restored)
        try place.orca("stop")
        try place.orca("config", "set", "database", restored)
        let tasks = try place.orca("task", "list", "--project", "API", "--limit", "100")
        #expect(tasks.contains("Task 30") && !tasks.contains("Later"))
        let held = try place.answer(["db", "restore", backup])
        #expect(held.code != 0, "restored over a running server: \(held.outputText)")
    }
}

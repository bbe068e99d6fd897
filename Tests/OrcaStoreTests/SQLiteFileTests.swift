import Glibc
import OrcaDomain
import OrcaSQL
import OrcaSQLite
import OrcaStore
import OrcaSupport
import OrcaTestKit
import Testing

/// What a store does with files that are not as they should be.
@Suite struct SQLiteFileTests {
    private let folder = TemporaryDirectory("file")

    private var path: String { folder.path("orca.db") }

    private func open(migrations: [Migration] = Migration.all) throws -> SQLiteStore {
        try SQLiteStore(.file(path), holder: "test holder 4711", now: 1, migrations: migrations)
    }

    private func refusal(_ body: () throws -> Void) throws -> StoreError {
        let error = #expect(throws: StoreError.self) { try body() }
        return try #require(error)
    }

    private func addWorkspace(_ name: String, to store: SQLiteStore) async throws {
        let workspace = Workspace(
            id: WorkspaceID(suffix: name), name: name, about: "", at: Timestamp(milliseconds: 1))
        try await store.write { try $0.insert(workspace) }
    }

    @Test func aSecondServerIsRefusedAndToldTheHolder() async throws {
        let first = try open()
        #expect(try refusal { _ = try open() } == .heldByOther(holder: "test holder 4711"))
        await first.close()
        await (try open()).close()
    }

    @Test func whatWasWrittenIsThereAfterOpeningAgain() async throws {
        let first = try open()
        try await addWorkspace("kept", to: first)
        await first.close()
        let second = try open()
        let found = try await second.read { try $0.workspaces.find(name: "kept") }
        #expect(found != nil)
        await second.close()
    }

    @Test func aNewerSchemaIsRefusedAndLeftAlone() async throws {
        let newer = Migration(version: 999, name: "future", script: "CREATE TABLE future (id {int})")
        await (try open(migrations: Migration.all + [newer])).close()
        let error = try refusal { _ = try open() }
        #expect(error == .schemaTooNew(found: 999, supported: Migration.newest))
        await (try open(migrations: Migration.all + [newer])).close()
    }

    /// "Upgrade": whichever statement the crash comes after, the step before is intact and the upgrade can be repeated.
    @Test(arguments: 1...3) func anInterruptedMigrationLeavesTheOldSchema(statements: Int) async throws {
        let store = try open()
        try await addWorkspace("kept", to: store)
        await store.close()
        let steps = [
            "CREATE TABLE extra (id {int})", "ALTER TABLE workspaces ADD COLUMN extra TEXT", "DELETE FROM workspaces",
        ]
        let broken = steps.prefix(statements).joined(separator: ";") + "; SELECT no_such_function()"
        _ = try refusal {
            _ = try open(
                migrations: Migration.all + [Migration(version: Migration.newest + 1, name: "broken", script: broken)])
        }
        let after = try open()
        #expect(try await after.maintenance.schemaVersion() == Migration.newest)
        let found = try await after.read { try $0.workspaces.find(name: "kept") }
        #expect(found != nil)
        await after.close()
        let fixed = Migration(
            version: Migration.newest + 1, name: "fixed", script: steps.prefix(2).joined(separator: ";"))
        let upgraded = try open(migrations: Migration.all + [fixed])
        #expect(try await upgraded.maintenance.schemaVersion() == Migration.newest + 1)
        await upgraded.close()
    }

    @Test func whatIsNoDatabaseIsRefusedAndLeftAlone() throws {
        try Files.write("this is not a database, it is a shopping list\n", to: path)
        guard case .corrupt = try refusal({ _ = try open() }) else {
            Issue.record("not called corrupt")
            return
        }
        #expect(try Files.readText(path).hasPrefix("this is not"))
    }

    @Test func aDamagedDatabaseIsFoundByTheCheck() async throws {
        let store = try open()
        for number in 0..<200 { try await addWorkspace("workspace-\(number)", to: store) }
        await store.close()
        var bytes = try Files.read(path)
        try #require(bytes.count > 40_000)
        for index in stride(from: 8_192, to: min(bytes.count, 120_000), by: 7) { bytes[index] = 0xFF }
        try Files.write(bytes, to: path)
        do {
            let damaged = try open()
            let findings = try await damaged.maintenance.check(fix: false)
            #expect(findings.contains { $0.check == "integrity" && !$0.isOK })
            await damaged.close()
        } catch StoreError.corrupt {
            // Found even earlier, when it was opened or read.
        }
    }

    @Test func whatIsKeptTwiceIsComparedAndMended() async throws {
        let store = try open()
        try await StoreContract.check(.countsFollowTheTasks, on: store)
        await store.close()
        let raw = try SQLiteConnection(.readWrite(path: path))
        try raw.run(script: "UPDATE project_counts SET completed = 77; UPDATE tasks SET queued = 1")
        let again = try open()
        let found = try await again.maintenance.check(fix: false)
        #expect(Set(found.filter { !$0.isOK }.map(\.check)) == ["counts", "queue"])
        let mended = try await again.maintenance.check(fix: true)
        #expect(mended.allSatisfy(\.isOK) && mended.count(where: \.isFixed) == 2)
        await again.close()
    }

    /// A full disk, by a small file system of its own kind: a limit on the size of files.
    @Test func aFullDiskFailsTheWriteAndLosesNothing() async throws {
        let store = try open()
        try await addWorkspace("before", to: store)
        let raw = try SQLiteConnection(.readWrite(path: path))
        let pages = try raw.first(SQL("PRAGMA page_count"), []) { $0.int(0) } ?? 0
        try await store.limitPages(to: pages + 2)
        var error: StoreError?
        for number in 0..<2_000 where error == nil {
            do {
                try await addWorkspace("filling-\(number)-" + String(repeating: "x", count: 200), to: store)
            } catch let failure as StoreError {
                error = failure
            }
        }
        guard case .full = error else {
            Issue.record("the disk was never full: \(String(describing: error))")
            return
        }
        let found = try await store.read { try $0.workspaces.find(name: "before") }
        #expect(found != nil)
        try await store.limitPages(to: 1_000_000)
        try await addWorkspace("after", to: store)
        await store.close()
    }
}

import OrcaConnect
import OrcaPostgres
import OrcaSQL
import OrcaSupport
import OrcaTestKit
import Testing

/// A server on Postgres as a person meets it: what it says when something is wrong, and two of them side by side.
@Suite(.serialized) struct PostgresServerTests {
    private func refusal(_ place: Installation, _ arguments: String...) throws -> Answer {
        try Subprocess.run(
            place.command(place.programs + "/orcad", ["serve", "--database-wait", "0"] + arguments),
            timeout: .seconds(60))
    }

    private func database(_ cluster: PostgresCluster) throws -> String {
        let name = try cluster.database(isMigrated: false).display.split(separator: "@")[0].split(separator: ":")[1]
        return cluster.uri(String(name))
    }

    @Test func whatIsWrongWithTheDatabaseIsSaidAtTheStart() throws {
        let cluster = try PostgresCluster.shared()
        let place = try Installation()
        let away = try refusal(place, "--database", "postgresql:///x?host=\(place.folder.path)")
        #expect(away.code == 6 && away.errorText.contains("cannot be reached"), "\(away.errorText)")
        let missing = try refusal(place, "--database", cluster.uri("nowhere"))
        #expect(
            missing.code == 6 && missing.errorText.contains("nowhere\" does not exist. Make it with 'createdb'"),
            "\(missing.errorText)")
        let open = try refusal(place, "--database", "postgresql://me:pass-word@localhost/x")
        #expect(open.code == 2 && open.errorText.contains(".pgpass"), "\(open.errorText)")
        #expect(!open.errorText.contains("pass-word"))
        let newer = try database(cluster)
        let future = Migration(version: 999, name: "future", script: "CREATE TABLE future (id {int})")
        try PostgresSchema.migrate(
            try PostgresAddress(newer), PostgresLimits(), to: Migration.all + [future], now: 0)
        let tooNew = try refusal(place, "--database", newer)
        #expect(tooNew.code == 6 && tooNew.errorText.contains("schema 999"), "\(tooNew.errorText)")
    }

    @Test func aServerWhoseDatabaseIsAwaySaysThatAndNotThatItDoesNotRun() throws {
        let cluster = try PostgresCluster(isDurable: false)
        let place = try Installation()
        try place.orca("config", "set", "database", try database(cluster))
        try place.orca("project", "create", "API")
        #expect(try place.orca("du").contains { $0 != "0" && $0.isNumber })
        cluster.stop()
        // Its own looks at the database notice first; until then a call waits for it to come back.
        #expect(try place.eventually(within: .seconds(60)) { try place.answer(["status"]).code == 0 })
        let status = try place.answer(["status"])
        #expect(status.outputText.contains("appRunning: true") && status.outputText.contains("(does not answer)"))
        #expect(status.errorText.contains("The database cannot be reached"), "\(status.errorText)")
        let doctor = try place.answer(["doctor"])
        #expect(doctor.code == 1 && doctor.outputText.contains("problem   store: postgres:"), "\(doctor.outputText)")
        try cluster.start()
        #expect(try place.eventually(within: .seconds(60)) { try place.orca("status").contains("(schema ") })
    }

    /// Under another name, its terminals and checkouts would belong to a server that is not there.
    @Test func aServerWhoseNameCannotBeReadTakesNoOther() throws {
        let cluster = try PostgresCluster.shared()
        let place = try Installation()
        let name = place.places.dataDirectory + "/node"
        let damaged = String(repeating: "x", count: 5_000)
        try Files.makeDirectories(place.places.dataDirectory)
        try Files.write(damaged, to: name)
        let refused = try refusal(place, "--database", try database(cluster))
        #expect(refused.code == 6 && refused.errorText.contains(name), "\(refused.errorText)")
        #expect(try Files.readText(name) == damaged)
    }

    /// A server knows nothing of the terminals on another's machine: it must not take their work for lost.
    @Test func aWorkerIsLeftToTheServerOfItsTerminal() throws {
        let cluster = try PostgresCluster.shared()
        let places = [try Installation(), try Installation()]
        let uri = try database(cluster)
        var servers: [SupervisedProcess] = []
        defer { for server in servers { server.end() } }
        for place in places {
            try place.orca("config", "set", "database", uri)
            servers.append(try place.startServer())
        }
        try places[0].orca("project", "create", "API")
        try places[0].orca("task", "create", "First thing", "--project", "API")
        try places[0].orca("terminal", "create", "--command", "sleep 600")
        let terminal = try #require(
            places[0].orca("terminal", "list").split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("term_") })
        let shown = try places[0].orca("task", "show", "API-1", "--json")
        let task = try #require(
            shown.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.first { $0.hasPrefix("task_") })
        try places[0].orca("orchestration", "dispatch", "--task", String(task), "--to", String(terminal))
        // Every server looks at its workers every five seconds, and says that it lives every two.
        let db = try PostgresConnection(try PostgresAddress(uri), .tool, PostgresLimits())
        let oldest = SQL("SELECT min(seen_at) FROM servers")
        let start = try db.first(oldest, []) { $0.integer(0) } ?? 0
        let hasLooked = try places[0].eventually(within: .seconds(60)) {
            try (db.first(oldest, []) { $0.integer(0) } ?? 0) > start + 11_000
        }
        #expect(hasLooked)
        #expect(try places[1].orca("task", "list").contains("dispatched"))
        let told = try places[1].answer(["terminal", "read", "--terminal", String(terminal)])
        #expect(told.code == 1 && told.errorText.contains("only the server there can reach it"), "\(told.errorText)")
    }

    @Test func twoServersShowOneStateAndNoSecrets() throws {
        let cluster = try PostgresCluster.shared()
        let places = [try Installation(), try Installation()]
        // Nobody is asked for the password here, and still nobody may see it.
        let uri = try database(cluster) + "&password=very-secret"
        var servers: [SupervisedProcess] = []
        defer { for server in servers { server.end() } }
        for place in places {
            try place.orca("config", "set", "database", uri)
            servers.append(try place.startServer())
        }
        try places[0].orca("project", "create", "API")
        try places[0].orca("task", "create", "First thing", "--project", "API")
        #expect(try places[1].orca("task", "list").contains("First thing"))
        try places[1].orca("task", "claim", "API-1", "--agent", "me")
        let twice = try places[0].answer(["task", "claim", "API-1", "--agent", "you"])
        #expect(twice.code != 0, "\(twice.outputText)")
        let doctor = try places[0].answer(["doctor"])
        #expect(doctor.outputText.contains("2 on this database"), "\(doctor.outputText)")
        for said in [
            doctor.outputText, doctor.errorText, try places[0].orca("status"),
            try Files.readText(places[0].places.log),
        ] {
            #expect(!said.contains("very-secret"))
        }
    }
}

import OrcaDomain
package import OrcaSQL
import OrcaSupport

/// Carries several transactions of a world out in one of the engine's, as the writer of Postgres does with commands that
/// wait: they share a `TransactionMemory`, and each is a savepoint. How many go together is drawn from the seed.
package final class GroupedConnection: SQLConnection {
    private static let groupMax = 12

    private let real: any SQLConnection
    private var random: SeededRandom
    private var left = 0
    package private(set) var memory: TransactionMemory?

    /// - Parameter real: an empty database; nobody else may write to it.
    package init(_ real: any SQLConnection, seed: UInt64) throws {
        self.real = real
        random = SeededRandom(seed: seed)
        // Before anything is grouped: steps of the schema have transactions of their own.
        try Migrator.migrate(real, now: EngineWorld.dawn.milliseconds)
    }

    package var dialect: SQLDialect { real.dialect }

    package func execute(_ statement: SQL, _ parameters: [SQLValue]) throws -> Int {
        try real.execute(statement, parameters)
    }

    package func query<Row>(
        _ statement: SQL, _ parameters: [SQLValue], _ read: (any SQLRow) throws -> Row
    ) throws -> [Row] {
        try real.query(statement, parameters, read)
    }

    package func run(script: String) throws {
        switch script {
        case dialect.beginWriting:
            try openGroup()
            memory?.beginCommand()
            try real.run(script: "SAVEPOINT command")
        case "COMMIT":
            try real.run(script: "RELEASE command")
            left -= 1
            if left == 0 { try settle() }
        case "ROLLBACK":
            memory?.undoCommand()
            try real.run(script: "ROLLBACK TO command")
            try real.run(script: "RELEASE command")
        default: try real.run(script: script)
        }
    }

    /// Ends the group that is open, if any.
    package func settle() throws {
        guard let memory else { return }
        try memory.settle(in: real)
        self.memory = nil
        left = 0
        try real.run(script: "COMMIT")
    }

    private func openGroup() throws {
        guard memory == nil else { return }
        try real.run(script: dialect.beginWriting)
        memory = TransactionMemory()
        left = Int.random(in: 1...Self.groupMax, using: &random)
    }
}

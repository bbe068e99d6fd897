import CClaimReplay
import Glibc
import OrcaSQL
import OrcaStore

/// Records every statement of some claims, to run the same ones from a bare C loop.
final class ClaimTrace: SQLConnection {
    private let real: any SQLConnection
    private var indices: [ObjectIdentifier: Int64] = [:]
    private(set) var statements: [SQL] = []
    private(set) var bytes: [UInt8] = []
    /// What the claims of one group share, where the store has it so.
    var memory: TransactionMemory?

    init(_ real: any SQLConnection) {
        self.real = real
    }

    var dialect: SQLDialect { real.dialect }

    /// - Parameter endsGroup: whether what the group shares is to be written down after it.
    func claim(endsGroup: Bool = false, _ body: (SQLSession) throws -> Void) throws {
        append(-1)
        memory?.beginCommand()
        try body(SQLSession(self))
        if endsGroup { try memory?.settle(in: self) }
        append(-2)
    }

    func execute(_ statement: SQL, _ parameters: [SQLValue]) throws -> Int {
        record(statement, parameters)
        return try real.execute(statement, parameters)
    }

    func query<Row>(
        _ statement: SQL, _ parameters: [SQLValue], _ read: (any SQLRow) throws -> Row
    ) throws -> [Row] {
        record(statement, parameters)
        return try real.query(statement, parameters, read)
    }

    func run(script: String) throws { try real.run(script: script) }

    /// Runs what was recorded against another copy of the database. Answers seconds.
    func replay(on path: String, group: Int) throws -> Double {
        let texts = statements.map { strdup($0.text) }
        defer { for text in texts { free(text) } }
        let pointers = texts.map { UnsafePointer($0) }
        let nanoseconds = orca_claim_replay(
            path, pointers, Int32(pointers.count), bytes, bytes.count, Int32(group))
        guard nanoseconds > 0 else { throw Bench.Failure(description: "the C loop failed: SQLite \(-nanoseconds)") }
        return Double(nanoseconds) / 1e9
    }

    private func record(_ statement: SQL, _ parameters: [SQLValue]) {
        let key = ObjectIdentifier(statement)
        if indices[key] == nil {
            indices[key] = Int64(statements.count)
            statements.append(statement)
        }
        append(indices[key] ?? 0)
        append(Int64(parameters.count))
        for parameter in parameters {
            switch parameter {
            case .null: append(0)
            case .integer(let number):
                append(1)
                append(number)
            case .text(let text):
                append(2)
                append(Int64(text.utf8.count))
                bytes += Array(text.utf8)
            case .bytes(let blob):
                append(2)
                append(Int64(blob.count))
                bytes += blob
            }
        }
    }

    private func append(_ number: Int64) {
        withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
    }
}

import OrcaProtobuf
import OrcaRuntime
import OrcaSQL
import OrcaSupport

/// Everything a database keeps, as lines of JSON: a head, then each table with its columns, its rows in the order of
/// their key, and how many those were with the digest of their lines, then an end. What was cut off or changed is found
/// when it is read.
enum StateArchive {
    static let format: Int64 = 1

    struct Count: Sendable, Hashable {
        var table: String
        var rows: Int
        var digest: String
    }

    /// One row as it stands in a line, without the end of the line.
    static func line(_ row: [SQLValue]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginArray()
        for value in row {
            switch value {
            case .null: writer.null()
            case .integer(let number): writer.integer(number)
            case .text(let text): writer.string(text)
            case .bytes(let bytes):
                writer.beginObject()
                writer.key("base64")
                writer.string(Base64.encode(bytes))
                writer.endObject()
            }
        }
        writer.endArray()
        return writer.bytes
    }

    static func row(_ line: [UInt8]) throws -> [SQLValue] {
        guard case .array(let values) = try JSONValue(jsonBytes: line) else { throw Damage("a row is no list") }
        return try values.map { value in
            switch value {
            case .null: return .null
            case .integer(let number): return .integer(number)
            case .string(let text): return .text(text)
            case .object:
                guard let text = value["base64"]?.stringValue, let bytes = Base64.decode(text) else {
                    throw Damage("a value has an unknown form")
                }
                return .bytes(bytes)
            default: throw Damage("a value has an unknown form")
            }
        }
    }

    /// The file is not what was written.
    struct Damage: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    // MARK: Writing

    /// Reads everything on one snapshot.
    static func write(
        _ db: any SQLConnection, schema: Int, now: Int64, progress: (Count) -> Void, to emit: ([UInt8]) throws -> Void
    ) throws -> [Count] {
        let head = JSONValue.object([
            .init("orca", .string("state")), .init("format", .integer(format)),
            .init("schema", .integer(Int64(schema))), .init("version", .string(ProductVersion.current)),
            .init("at", .integer(now)),
        ])
        try emit(head.jsonBytes() + [newline])
        var counts: [Count] = []
        for table in try TableImage.all(of: db) {
            let columns = JSONValue.array(table.columns.map { .string($0.name) })
            try emit(
                JSONValue.object([.init("table", .string(table.name)), .init("columns", columns)]).jsonBytes() + [
                    newline
                ])
            var digest = DigestStream()
            var count = Count(table: table.name, rows: 0, digest: "")
            try table.read(from: db) { row in
                let line = line(row) + [newline]
                digest.add(line)
                try emit(line)
                count.rows += 1
                if count.rows % 1_000 == 0 { progress(count) }
            }
            count.digest = digest.end()
            progress(count)
            try emit(
                JSONValue.object([
                    .init("end", .string(table.name)), .init("rows", .integer(Int64(count.rows))),
                    .init("sha256", .string(count.digest)),
                ]).jsonBytes() + [newline])
            counts.append(count)
        }
        try emit(
            JSONValue.object([.init("end", .string("state")), .init("tables", .integer(Int64(counts.count)))])
                .jsonBytes() + [newline])
        return counts
    }

    static let newline = UInt8(ascii: "\n")

    // MARK: Reading

    /// Puts everything into an empty database with the newest schema, within the caller's transaction.
    ///
    /// - Parameter adapt: changes a value on its way, by the name of its column.
    static func read(
        into db: any SQLConnection, schema newest: Int, adapt: (String, SQLValue) -> SQLValue,
        progress: (Count) -> Void, from next: () throws -> [UInt8]?
    ) throws -> [Count] {
        guard let first = try next(), let head = try? JSONValue(jsonBytes: first),  // no JSON is no head
            head["orca"]?.stringValue == "state"
        else { throw Damage("this is no export of Orca") }
        guard head["format"]?.integerValue == format, let schema = head["schema"]?.integerValue, schema <= newest else {
            throw Damage("a newer version of Orca wrote it; install that one")
        }
        let tables = Dictionary(
            try TableImage.all(of: db).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var counts: [Count] = []
        while let line = try next() {
            let mark = try JSONValue(jsonBytes: line)
            if mark["end"]?.stringValue == "state" {
                guard mark["tables"]?.integerValue == Int64(counts.count) else { throw Damage("tables are missing") }
                return counts
            }
            guard let name = mark["table"]?.stringValue, let table = tables[name],
                let columns = mark["columns"]?.arrayValue?.compactMap(\.stringValue),
                Set(columns).isSubset(of: table.columns.map(\.name))
            else { throw Damage("it has a table or a column that is not known") }
            counts.append(try read(table, columns, into: db, adapt, progress, next))
        }
        throw Damage("it ends in the middle")
    }

    private static func read(
        _ table: TableImage, _ columns: [String], into db: any SQLConnection, _ adapt: (String, SQLValue) -> SQLValue,
        _ progress: (Count) -> Void, _ next: () throws -> [UInt8]?
    ) throws -> Count {
        let insertion = table.insertion(of: columns)
        var digest = DigestStream()
        var count = Count(table: table.name, rows: 0, digest: "")
        while let line = try next() {
            guard line.first == UInt8(ascii: "[") else {
                let end = try JSONValue(jsonBytes: line)
                count.digest = digest.end()
                guard end["end"]?.stringValue == table.name, end["rows"]?.integerValue == Int64(count.rows),
                    end["sha256"]?.stringValue == count.digest
                else { throw Damage("the rows of '\(table.name)' are not those that were written") }
                try table.continueNumbers(in: db)
                progress(count)
                return count
            }
            digest.add(line + [newline])
            let row = try row(line)
            guard row.count == columns.count else { throw Damage("a row of '\(table.name)' is too short or too long") }
            try db.post(insertion, zip(columns, row).map { adapt($0, $1) })
            count.rows += 1
            if count.rows % 1_000 == 0 { progress(count) }
        }
        throw Damage("it ends in the middle of '\(table.name)'")
    }
}

/// Lines of a descriptor, without their ends.
struct LineReader {
    private static let pieceBytes = 1 << 20
    /// The longest line; a text for a terminal can have 16 MiB.
    private static let lineBytesMax = 256 << 20

    private let file: OwnedDescriptor
    private var buffer: [UInt8] = []
    private var start = 0
    private var isOver = false

    init(_ file: OwnedDescriptor) { self.file = file }

    mutating func next() throws -> [UInt8]? {
        var searched = start
        while true {
            if let end = buffer[searched...].firstIndex(of: StateArchive.newline) {
                defer { start = end + 1 }
                return Array(buffer[start..<end])
            }
            if isOver { return nil }
            searched = buffer.count
            if start > 0 {
                buffer.removeFirst(start)
                searched -= start
                start = 0
            }
            guard buffer.count < Self.lineBytesMax else { throw StateArchive.Damage("a line is too long") }
            let piece = try file.read(atMost: Self.pieceBytes) ?? []
            isOver = piece.isEmpty
            buffer += piece
        }
    }
}

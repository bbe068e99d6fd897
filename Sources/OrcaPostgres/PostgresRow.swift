import CPostgres
import OrcaSQL

/// One row of a result in binary form.
struct PostgresRow: SQLRow {
    let result: OpaquePointer
    let row: Int32

    /// Whole numbers come in two, four or eight bytes, the highest first; a truth value in one.
    func integer(_ column: Int) -> Int64 {
        let bytes = raw(column)
        guard let first = bytes.first else { return 0 }
        var value: Int64 = bytes.count > 1 && first & 0x80 != 0 ? -1 : 0
        for byte in bytes { value = value << 8 | Int64(byte) }
        return value
    }

    func text(_ column: Int) -> String { EscapedText.read(raw(column)) }

    func bytes(_ column: Int) -> [UInt8] { Array(raw(column)) }

    func isNull(_ column: Int) -> Bool { PQgetisnull(result, row, Int32(column)) == 1 }

    private func raw(_ column: Int) -> UnsafeRawBufferPointer {
        let count = Int(PQgetlength(result, row, Int32(column)))
        return UnsafeRawBufferPointer(start: PQgetvalue(result, row, Int32(column)), count: count)
    }
}

/// Parameters in the form libpq takes them, all in one piece of memory.
struct BoundParameters {
    /// Numbers of Postgres' own types; 0 has it find out.
    private(set) var types: [Oid] = []
    private var bytes: [UInt8] = []
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    private static let int8: Oid = 20
    private static let text: Oid = 25
    private static let bytea: Oid = 17

    init(_ values: [SQLValue]) {
        for value in values {
            let start = bytes.count
            switch value {
            case .null: add(0, start: nil, format: 0)
            case .integer(let number):
                bytes.append(contentsOf: String(number).utf8)
                add(Self.int8, start: start, format: 0)
            case .text(var text):
                text.withUTF8 { utf8 in
                    if EscapedText.needsEscape(utf8) {
                        EscapedText.append(utf8, to: &bytes)
                    } else {
                        bytes.append(contentsOf: utf8)
                    }
                }
                add(Self.text, start: start, format: 1)
            case .bytes(let data):
                bytes.append(contentsOf: data)
                add(Self.bytea, start: start, format: 1)
            }
        }
    }

    private mutating func add(_ type: Oid, start: Int?, format: Int32) {
        types.append(type)
        starts.append(start)
        lengths.append(Int32(start.map { bytes.count - $0 } ?? 0))
        formats.append(format)
        // Numbers are read up to this; an empty text still has an address.
        bytes.append(0)
    }

    typealias Pointers = [UnsafePointer<CChar>?]

    func with(_ body: (Int32, Pointers, [Int32], [Int32]) -> Int32) -> Int32 {
        bytes.withUnsafeBytes { raw in
            let base = raw.bindMemory(to: CChar.self).baseAddress
            let pointers = starts.map { start in start.flatMap { offset in base.map { $0 + offset } } }
            return body(Int32(starts.count), pointers, lengths, formats)
        }
    }
}

import Glibc
import OrcaSupport

/// Figures of one benchmark, as a table for people and a line of JSON for programs.
struct BenchReport {
    let title: String
    let columns: [String]
    private var rows: [(name: String, values: [Double])] = []
    private var notes: [String] = []

    init(_ title: String, columns: [String]) {
        self.title = title
        self.columns = columns
    }

    mutating func add(_ name: String, _ values: [Double]) { rows.append((name, values)) }
    mutating func note(_ text: String) { notes.append(text) }

    func finish(_ options: BenchOptions) throws {
        print("\n\(title)")
        let width = max(28, (rows.map(\.name.count).max() ?? 0) + 2)
        print(padded("", width) + columns.map { leftPadded($0, 16) }.joined())
        for row in rows { print(padded(row.name, width) + row.values.map { leftPadded(text($0), 16) }.joined()) }
        for note in notes { print("  " + note) }
        if let path = options.jsonPath { try append(to: path) }
    }

    private func append(to path: String) throws {
        let members = rows.map { row in
            JSONValue.Member(
                row.name, .object(zip(columns, row.values).map { .init($0, .number($1)) }))
        }
        let value = JSONValue.object([
            .init("benchmark", .string(title)), .init("results", .object(members)),
            .init("notes", .array(notes.map { .string($0) })),
        ])
        guard let file = fopen(path, "a") else { throw Bench.Failure(description: "\(path) cannot be written") }
        defer { fclose(file) }
        let line = value.jsonBytes() + [0x0A]
        fwrite(line, 1, line.count, file)
    }

    private func text(_ value: Double) -> String {
        let magnitude = value.magnitude
        if magnitude >= 100 || value == value.rounded() { return String(Int(value.rounded())) }
        let scale: Double = magnitude >= 10 ? 10 : 100
        return "\((value * scale).rounded() / scale)"
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private func leftPadded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }
}

extension [Double] {
    /// The middle value; of an even number the lower one.
    var median: Double { isEmpty ? .nan : sorted()[(count - 1) / 2] }
}

import OrcaPlan
import Testing

@Suite struct PlanFuzzTests {
    private static let seeds: [(String, String)] = [
        (
            "plan.yaml",
            "name: x\ntasks:\n  - key: a\n    title: &t \"A é\"\n    tags: [x, y]\n    spec: |\n      lines\n      more\n  - {key: b, title: *t, depends_on: [a, {key: a, policy: ignore}]}\n"
        ),
        (
            "plan.json",
            "{\"name\": \"x\", \"tasks\": [{\"key\": \"a\", \"title\": \"A \\u00e9\", \"retry\": {\"max_attempts\": 3}, \"contract\": [{\"file\": \"x\"}]}]}"
        ),
        (
            "plan.md",
            "# P\n\n## A {#a}\n\n- priority: 5\n- contract:\n  - file: x\n\nText\n\n### Sub\n\n## B\n\n```orca\ndepends_on: a\n```\n\n> quote\n\n1. list\n"
        ),
    ]

    /// Whatever bytes come, reading ends with a plan or with complaints that lie inside the file.
    @Test(arguments: 0..<3, 0..<8)
    func brokenFilesGetComplaintsInsideTheFile(kind: Int, batch: Int) {
        var random = SplitMix(state: UInt64(kind * 1000 + batch) &* 977 &+ 13)
        let (name, text) = Self.seeds[kind]
        for round in 0..<150 {
            let bytes = mutated(Array(text.utf8), &random)
            let lines = bytes.count { $0 == 0x0A } + 1
            do throws(PlanError) {
                let plan = try PlanFile.read(bytes, fileName: name)
                // What was read can be written and read again.
                let again = try PlanFile.read(Array(PlanFile.write(plan, as: .yaml).utf8), fileName: "again.yaml")
                #expect(again == plan, "kind \(kind), batch \(batch), round \(round)")
            } catch {
                #expect(!error.diagnostics.isEmpty)
                for diagnostic in error.diagnostics where error.file == name {
                    // YAML reports what is missing at the end one line below it.
                    let isInside = (1...(lines + 1)).contains(diagnostic.place.line) && diagnostic.place.column >= 1
                    #expect(isInside, "kind \(kind), batch \(batch), round \(round): \(diagnostic)")
                }
                #expect(error.file == name, "kind \(kind), batch \(batch), round \(round): \(error.lines)")
            }
        }
    }

    private func mutated(_ source: [UInt8], _ random: inout SplitMix) -> [UInt8] {
        let spice: [[UInt8]] =
            [
                "\n", "  ", "\t", "- ", ": ", "{", "}", "[", "]", "\"", "'", "|", ">", "&a", "*a", "#", "## ", "```\n",
                "\r\n", "~", "!!x ", "---\n", "...",
                "\\", "\u{FEFF}", "depends_on: b", "null", "%", "\0", "<<: *t", "=", "- priority: x\n", "1000000000000",
            ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xE2, 0x80]]
        var bytes = source
        for _ in 0..<(1 + random.next() % 5) {
            let position = Int(random.next() % UInt64(bytes.count + 1))
            switch random.next() % 4 {
            case 0: bytes.insert(contentsOf: spice[Int(random.next() % UInt64(spice.count))], at: position)
            case 1: bytes.removeSubrange(position..<min(bytes.count, position + Int(random.next() % 12)))
            case 2:
                bytes.insert(
                    contentsOf: bytes[position..<min(bytes.count, position + Int(random.next() % 40))], at: position)
            default: bytes = Array(bytes.prefix(position))
            }
            if bytes.isEmpty { bytes = [0x0A] }
        }
        return bytes
    }
}

/// Collects lines of source with indentation.
struct SourceText {
    private(set) var text = ""
    private var depth = 0

    mutating func line(_ line: String = "") {
        text += line.isEmpty ? "\n" : String(repeating: "    ", count: depth) + line + "\n"
    }

    mutating func comment(_ lines: [String]) {
        for line in lines { self.line(line.isEmpty ? "///" : "/// \(line)") }
    }

    /// Writes `head {`, the body one level deeper, and `}`.
    mutating func block(_ head: String, _ body: (inout SourceText) throws(GeneratorError) -> Void)
        throws(GeneratorError)
    {
        line(head + " {")
        depth += 1
        try body(&self)
        depth -= 1
        line("}")
    }
}

import OrcaSupport

extension LaunchHooks {
    /// The arguments of a program with ours behind its name.
    package func added(to arguments: [String]) -> [String] {
        guard let first = arguments.first, !brings(arguments) else { return arguments }
        return [first] + self.arguments + arguments.dropFirst()
    }

    /// A line for the shell with ours behind the agent's name; everything else in it stays as it is.
    package func added(toLine line: String) -> String {
        guard !arguments.isEmpty, let end = AgentLine(line)?.programEnd, !brings([line]) else { return line }
        return line[..<end] + " " + ShellWord.line(arguments) + line[end...]
    }

    private func brings(_ texts: [String]) -> Bool {
        !yieldsTo.isEmpty && texts.contains { $0.contains(yieldsTo) }
    }
}

/// A line for the shell that starts a known agent: `claude …`, `FOO=1 /opt/codex …`, `exec env A=b gemini`.
package struct AgentLine {
    package let agent: AgentProgram
    /// Behind the program's name.
    let programEnd: String.Index

    package init?(_ line: String) {
        for word in line.split(whereSeparator: \.isWhitespace) {
            if word == "exec" || word == "env" || word == "command" || Self.isAssignment(word) { continue }
            // Quotes and the like make a word mean something else than it says.
            guard word.utf8.allSatisfy(Self.isPlain), let found = AgentCatalogue.agent(executable: String(word)) else {
                return nil
            }
            agent = found
            programEnd = word.endIndex
            return
        }
        return nil
    }

    private static func isAssignment(_ word: Substring) -> Bool {
        guard let equals = word.firstIndex(of: "="), equals != word.startIndex, word.utf8.allSatisfy(isPlain) else {
            return false
        }
        return word[..<equals].allSatisfy { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "_@%+:,./-=~".utf8.contains(byte)
        }
    }
}

package import OrcaSupport

/// Cuts a stream of bytes into messages, one a line.
package struct MessageLines: Sendable {
    package enum Line: Sendable, Hashable {
        case message([UInt8])
        /// Longer than a message may be; its bytes are gone.
        case tooLong
    }

    private let bytesMax: Int
    private var rest: [UInt8] = []
    /// Inside a line that is too long.
    private var skips = false

    package init(bytesMax: Int = MCPServer.messageBytesMax) { self.bytesMax = bytesMax }

    /// The lines that these bytes complete. Empty ones are left out.
    package mutating func take(_ bytes: [UInt8]) -> [Line] {
        var lines: [Line] = []
        var pieces = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let last = pieces.removeLast()
        for piece in pieces {
            add(piece, &lines)
            end(&lines)
        }
        add(last, &lines)
        return lines
    }

    /// The last line, which nothing ends.
    package mutating func finish() -> [Line] {
        var lines: [Line] = []
        end(&lines)
        return lines
    }

    private mutating func add(_ piece: ArraySlice<UInt8>, _ lines: inout [Line]) {
        guard !skips else { return }
        if rest.count + piece.count > bytesMax {
            skips = true
            rest = []
            lines.append(.tooLong)
        } else {
            rest += piece
        }
    }

    private mutating func end(_ lines: inout [Line]) {
        let isBlank = rest.allSatisfy {
            $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\t")
        }
        if !skips, !isBlank { lines.append(.message(rest)) }
        rest = []
        skips = false
    }
}

/// Answers that are sent together once the last of them is there.
package struct MCPBatch: Sendable {
    private var open: Int
    private var answers: [JSONValue] = []

    package init(_ count: Int) { open = count }

    /// Takes the outcome of one message, `nil` for one without answer. The whole answer after the last, unless it is empty.
    package mutating func add(_ answer: JSONValue?) -> JSONValue? {
        open -= 1
        if let answer { answers.append(answer) }
        return open == 0 && !answers.isEmpty ? .array(answers) : nil
    }
}

/// Reads what a tmux control client prints: blocks that answer commands, and notifications, which may also stand inside
/// a block.
///
/// Source: tmux(1), CONTROL MODE; that notifications stand inside blocks was seen.
struct ControlParser: Sendable {
    enum Event: Sendable, Hashable {
        /// `isOurs` is false for what tmux did by itself, as the first attach.
        case block(lines: [String], isError: Bool, isOurs: Bool)
        case notification(String)
        case exit(String)
    }

    private struct Block: Sendable {
        var number: Substring
        var isOurs: Bool
        var lines: [String] = []
    }

    /// Bytes of a line; a longer one is cut.
    static let lineBytesMax = 4 << 20

    private var rest: [UInt8] = []
    private var block: Block?

    mutating func feed(_ bytes: [UInt8], _ emit: (Event) -> Void) {
        var start = 0
        for position in bytes.indices where bytes[position] == 0x0A {
            rest.append(contentsOf: bytes[start..<position])
            start = position + 1
            line(String(decoding: rest, as: UTF8.self), emit)
            rest.removeAll(keepingCapacity: true)
        }
        if rest.count < Self.lineBytesMax { rest.append(contentsOf: bytes[start...]) }
    }

    private mutating func line(_ text: String, _ emit: (Event) -> Void) {
        let words = text.hasPrefix("%") ? text.split(separator: " ") : []
        if var open = block {
            if words.count == 4, words[2] == open.number, words[0] == "%end" || words[0] == "%error" {
                block = nil
                emit(.block(lines: open.lines, isError: words[0] == "%error", isOurs: open.isOurs))
            } else if words.first == "%pause" || words.first == "%continue" {
                emit(.notification(text))
            } else {
                open.lines.append(text)
                block = open
            }
        } else if words.count == 4, words[0] == "%begin" {
            block = Block(number: words[2], isOurs: words[3] == "1")
        } else if words.first == "%exit" {
            emit(.exit(text))
        } else if !words.isEmpty {
            emit(.notification(text))
        }
    }
}

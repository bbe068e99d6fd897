/// Texts as tmux and the shell behind `pipe-pane` read them.
enum TmuxQuoting {
    /// One word of a command, whatever it holds: one line of printable ASCII, nothing expanded.
    static func word(_ text: some StringProtocol) -> String { word(bytes: text.utf8) }

    static func word(bytes text: some Sequence<UInt8>) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            // tmux takes a tilde at the beginning for a home directory, quoted or not; DEL is the next one.
            case 0x20..<0x7E: bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(0x30 + (byte >> 6))
                bytes.append(0x30 + (byte >> 3 & 7))
                bytes.append(0x30 + (byte & 7))
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same where the command expands formats and times: `#{…}` and `%H` stay as they are.
    static func literal(_ text: String) -> String {
        word(text.split(separator: "#", omittingEmptySubsequences: false).joined(separator: "##"))
    }

    /// One word of a shell line.
    static func shell(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// A shell line in a place where formats and times are expanded.
    static func shellLine(_ line: String) -> String {
        literal(line.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%"))
    }
}

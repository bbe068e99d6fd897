/// One word of a POSIX shell's command line.
package enum ShellWord {
    /// The text as a word that every POSIX shell (and fish) reads back unchanged. Plain words stay as they are.
    package static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.utf8.allSatisfy(isPlain)
        if isPlain { return text }
        // fish reads `\` and `'` inside single quotes as escapes: both go outside of them.
        var word = "'"
        for character in text.unicodeScalars {
            switch character {
            case "'": word += "'\\''"
            case "\\": word += "'\\\\'"
            default: word.unicodeScalars.append(character)
            }
        }
        return word + "'"
    }

    /// The words as one line.
    package static func line(_ words: [String]) -> String {
        words.map(quoted).joined(separator: " ")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "_@%+:,./-".utf8.contains(byte)
        }
    }
}

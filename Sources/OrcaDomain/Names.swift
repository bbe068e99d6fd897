/// Checks on the words that people choose. Each throws `invalid_argument` that says what is allowed.
package enum Names {
    /// A workspace's name: lower-case letters, digits, `-`, `_`.
    package static func checkWorkspace(_ name: String) throws(DomainError) {
        let fits = !name.isEmpty && name.utf8.count <= Limits.workspaceNameBytesMax
        let first = name.utf8.first.map { isLower($0) || isDigit($0) } ?? false
        guard fits, first, name.utf8.allSatisfy({ isLower($0) || isDigit($0) || $0 == 0x2D || $0 == 0x5F }),
            !WorkspaceID.looksLikeOne(name)
        else {
            throw DomainError(
                .invalidArgument,
                "A workspace name has 1 to \(Limits.workspaceNameBytesMax) lower-case letters, digits, '-' or '_' "
                    + "and begins with a letter or digit; '\(shortened(name))' does not fit.",
                details: ["field": "name"])
        }
    }

    /// A project's key, or a task's ref, as it is stored: people type `api-12`, too.
    package static func asWritten(_ word: String) -> String {
        guard word.utf8.contains(where: isLower) else { return word }
        return String(decoding: word.utf8.map { isLower($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
    }

    /// A project's key: 1 to 10 upper-case letters or digits, a letter first.
    package static func checkProjectKey(_ key: String) throws(DomainError) {
        let fits = !key.isEmpty && key.utf8.count <= Limits.projectKeyBytesMax
        guard fits, key.utf8.first.map(isUpper) ?? false, key.utf8.allSatisfy({ isUpper($0) || isDigit($0) }) else {
            throw DomainError(
                .invalidArgument,
                "A project key has 1 to \(Limits.projectKeyBytesMax) upper-case letters or digits, a letter first "
                    + "(like API); '\(shortened(key))' does not fit.\(keyLike(key))",
                details: ["field": "key"])
        }
    }

    /// A key that comes near, for whoever gave none.
    private static func keyLike(_ text: String) -> String {
        let fitting = asWritten(text).utf8.filter { isUpper($0) || isDigit($0) }.drop { isDigit($0) }
        let key = String(decoding: fitting.prefix(Limits.projectKeyBytesMax), as: UTF8.self)
        return key.isEmpty ? "" : " What about \(key)?"
    }

    /// An agent's name: any printable text without control characters or blanks at the ends.
    package static func checkAgent(_ name: String) throws(DomainError) {
        guard !name.isEmpty, name.utf8.count <= Limits.nameBytesMax, isPrintable(name), name.first != "-",
            !AgentID.looksLikeOne(name), name.first?.isWhitespace == false, name.last?.isWhitespace == false
        else {
            throw DomainError(
                .invalidArgument,
                "An agent name has 1 to \(Limits.nameBytesMax) bytes, no control characters, no blanks at its ends, "
                    + "and does not begin with '-'; '\(shortened(name))' does not fit.",
                details: ["field": "agent"])
        }
    }

    /// A tag or label: one word.
    package static func checkWord(_ word: String, field: String) throws(DomainError) {
        let plain = word.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ",") }
        guard !word.isEmpty, word.utf8.count <= Limits.nameBytesMax, plain else {
            throw DomainError(
                .invalidArgument,
                "A word in \(field) has 1 to \(Limits.nameBytesMax) bytes without blanks, commas or control "
                    + "characters; '\(shortened(word))' does not fit.",
                details: ["field": field])
        }
    }

    package static func checkLength(_ text: String, max: Int, field: String) throws(DomainError) {
        guard text.utf8.count <= max else {
            throw DomainError(
                .limitExceeded, "\(field) has \(text.utf8.count) bytes; the most is \(max). Shorten it.",
                details: ["field": field, "limit": String(max)])
        }
    }

    package static func checkCount(_ count: Int, max: Int, field: String) throws(DomainError) {
        guard count <= max else {
            throw DomainError(
                .limitExceeded, "\(field) has \(count) entries; the most is \(max).",
                details: ["field": field, "limit": String(max)])
        }
    }

    private static func shortened(_ text: String) -> String {
        text.utf8.count <= 40 ? text : String(text.prefix(30)) + "…"
    }

    private static func isPrintable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }

    private static func isLower(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }
    private static func isUpper(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

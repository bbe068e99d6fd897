/// The id of a git object: 40 or 64 hexadecimal digits.
package struct ObjectID: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 40 || text.utf8.count == 64, text.utf8.allSatisfy(Self.isDigit) else { return nil }
        self.text = String(text)
    }

    package var description: String { text }
    /// Enough of it for people.
    package var short: String { String(text.prefix(10)) }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

/// Names of branches that may be put on git's command line.
package enum BranchName {
    package static let lengthMax = 200

    /// Refuses what git refuses, and what could be taken for an option or for something other than a branch.
    package static func check(_ name: String) throws(GitError) {
        if let fault = fault(in: name) {
            throw GitError(.invalidName, "`\(name)` cannot be the name of a branch: \(fault)")
        }
    }

    package static func isValid(_ name: String) -> Bool { fault(in: name) == nil }

    private static func fault(in name: String) -> String? {
        let scalars = Array(name.unicodeScalars)
        guard let first = scalars.first else { return "it is empty" }
        if name.utf8.count > lengthMax { return "it is longer than \(lengthMax) bytes" }
        if !isWord(first) { return "it must begin with a letter or digit" }
        if let odd = scalars.first(where: { !isWord($0) && !"._/-+@#".unicodeScalars.contains($0) }) {
            return "it has the character `\(Character(odd))`"
        }
        if name == "HEAD" || name.hasPrefix("refs/") { return "it means something else to git" }
        if name.contains("..") || name.contains("@{") { return "it has `..` or `@{`" }
        for part in name.split(separator: "/", omittingEmptySubsequences: false) {
            if part.isEmpty { return "it has an empty part" }
            if part.hasPrefix(".") || part.hasSuffix(".") || part.hasSuffix(".lock") {
                return "`\(part)` is not allowed in it"
            }
        }
        return nil
    }

    /// A letter or digit of any script, or a mark on one.
    package static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "a"..."z", "A"..."Z": true
        default:
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .nonspacingMark, .spacingMark:
                scalar.value >= 0x80
            default: false
            }
        }
    }
}

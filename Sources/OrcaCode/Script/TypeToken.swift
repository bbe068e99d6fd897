import OrcaSupport

/// One token of JavaScript or TypeScript, with its place in UTF-16 units.
struct TypeToken {
    enum Kind {
        case word, number, string, regex, mark
        /// A piece of a template: from a backtick or `}` to a backtick or `${`.
        case template
    }

    let kind: Kind
    let start: Int
    let end: Int
    /// Of words and marks; empty for the rest.
    let text: String
    let isOnNewLine: Bool
    /// Index of the token with the other bracket.
    var partner = -1
}

/// Cuts a script into tokens. `nil` where it is not even that, or when the time is up.
struct TypeLexer {
    /// Tokens between two looks at the clock.
    private static let tokensPerLook = 256

    private let units: [UInt16]
    private var at = 0
    private var isOnNewLine = true
    private var tokens: [TypeToken] = []
    private var open: [Int] = []

    static func tokens(_ units: [UInt16], until deadline: Deadline) -> [TypeToken]? {
        var lexer = TypeLexer(units)
        while lexer.skipSpace() {
            guard lexer.next() else { return nil }
            if lexer.tokens.count.isMultiple(of: tokensPerLook), deadline.hasPassed { return nil }
        }
        return lexer.open.isEmpty ? lexer.tokens : nil
    }

    private init(_ units: [UInt16]) { self.units = units }

    static func isLineEnd(_ unit: UInt16) -> Bool { unit == 10 || unit == 13 || unit == 0x2028 || unit == 0x2029 }

    private func unit(_ offset: Int) -> UInt16 { at + offset < units.count ? units[at + offset] : 0 }
    private func isNext(_ character: Character, _ offset: Int = 0) -> Bool {
        character.utf16.first == unit(offset) && at + offset < units.count
    }

    /// Whether something follows.
    private mutating func skipSpace() -> Bool {
        while at < units.count {
            if Self.isLineEnd(units[at]) {
                isOnNewLine = true
                at += 1
            } else if units[at] <= 32 || units[at] == 0xA0 || units[at] == 0xFEFF {
                at += 1
            } else if isNext("/"), isNext("/", 1) {
                while at < units.count, !Self.isLineEnd(units[at]) { at += 1 }
            } else if isNext("/"), isNext("*", 1) {
                at += 2
                while at < units.count, !(isNext("*") && isNext("/", 1)) {
                    if Self.isLineEnd(units[at]) { isOnNewLine = true }
                    at += 1
                }
                at = min(at + 2, units.count)
            } else {
                return true
            }
        }
        return false
    }

    private mutating func add(_ kind: TypeToken.Kind, from start: Int) {
        let isNamed = kind == .word || kind == .mark
        let text = isNamed ? String(decoding: units[start..<at], as: UTF16.self) : ""
        tokens.append(TypeToken(kind: kind, start: start, end: at, text: text, isOnNewLine: isOnNewLine))
        isOnNewLine = false
    }

    private mutating func next() -> Bool {
        let start = at
        if Self.isWord(unit(0)) || isNext("#") || isNext("@") || isNext("\\") {
            let isNumber = (48...57).contains(unit(0))
            at += 1
            while Self.isWord(unit(0)) || isNext("\\") || isNumber && isNext(".") && !isNext(".", 1) { at += 1 }
            add(isNumber ? .number : .word, from: start)
            return true
        }
        if isNext("."), (48...57).contains(unit(1)) {
            at += 1
            while Self.isWord(unit(0)) { at += 1 }
            add(.number, from: start)
            return true
        }
        if isNext("\"") || isNext("'") { return string(units[at]) }
        if isNext("`") { return template() }
        if isNext("/"), !isAfterOperand { return regex() }
        return mark()
    }

    private static func isWord(_ unit: UInt16) -> Bool {
        switch unit {
        case 36, 95, 48...57, 65...90, 97...122: true
        case 0xA0, 0x2028, 0x2029, 0xFEFF: false
        default: unit >= 0x80
        }
    }

    private mutating func string(_ quote: UInt16) -> Bool {
        let start = at
        at += 1
        while at < units.count, units[at] != quote {
            if units[at] == 10 || units[at] == 13 { return false }
            at += isNext("\\") ? 2 : 1
        }
        at += 1
        guard at <= units.count else { return false }
        add(.string, from: start)
        return true
    }

    /// At a backtick or at the brace that ends a value in a template.
    private mutating func template() -> Bool {
        let start = at
        let isLater = isNext("}")
        at += 1
        while at < units.count, !isNext("`"), !(isNext("$") && isNext("{", 1)) { at += isNext("\\") ? 2 : 1 }
        guard at < units.count else { return false }
        let isOpen = isNext("$")
        at += isOpen ? 2 : 1
        add(.template, from: start)
        if isLater { close() }
        if isOpen { open.append(tokens.count - 1) }
        return true
    }

    private mutating func close() {
        guard let opener = open.popLast() else { return }
        tokens[opener].partner = tokens.count - 1
    }

    private static let wordsBeforeRegex: Set<String> = [
        "return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "await", "yield",
        "instanceof",
    ]

    private var isAfterOperand: Bool {
        guard let last = tokens.last else { return false }
        switch last.kind {
        case .word: return !Self.wordsBeforeRegex.contains(last.text)
        case .number, .string, .regex: return true
        case .template: return units[last.end - 1] == 96
        case .mark:
            switch last.text {
            case ")", "]": return true
            case "}": return !isOnNewLine
            case "!", "++", "--":
                guard tokens.count > 1, !last.isOnNewLine else { return false }
                let before = tokens[tokens.count - 2]
                return before.kind == .word && !Self.wordsBeforeRegex.contains(before.text) || before.text == ")"
                    || before.text == "]"
            default: return false
            }
        }
    }

    private mutating func regex() -> Bool {
        let start = at
        var isInClass = false
        at += 1
        while at < units.count, isInClass || !isNext("/") {
            if Self.isLineEnd(units[at]) { return false }
            if isNext("[") { isInClass = true } else if isNext("]") { isInClass = false }
            at += isNext("\\") ? 2 : 1
        }
        guard at < units.count else { return false }
        at += 1
        while Self.isWord(unit(0)) { at += 1 }
        add(.regex, from: start)
        return true
    }

    /// `>` is always alone: types end with it.
    private static let longMarks = [
        ["...", "===", "!==", "**=", "<<=", "&&=", "||=", "??="],
        [
            "=>", "==", "!=", "<=", "++", "--", "&&", "||", "??", "?.", "**", "<<", "+=", "-=", "*=", "/=", "%=", "&=",
            "|=", "^=",
        ],
    ].map { $0.map { Array($0.utf16) } }

    private mutating func mark() -> Bool {
        if isNext("}"), let opener = open.last, tokens[opener].kind == .template { return template() }
        let start = at
        var length = 1
        for marks in Self.longMarks where length == 1 {
            if let mark = marks.first(where: { units[at...].starts(with: $0) }) { length = mark.count }
        }
        // `a ?.5 : b`
        if length == 2, isNext("?"), isNext(".", 1), (48...57).contains(unit(2)) { length = 1 }
        at += length
        add(.mark, from: start)
        switch tokens[tokens.count - 1].text {
        case "(", "[", "{": open.append(tokens.count - 1)
        case ")", "]", "}":
            let pairs = [")": "(", "]": "[", "}": "{"]
            guard let opener = open.last, tokens[opener].text == pairs[tokens[tokens.count - 1].text] else {
                return false
            }
            close()
        default: break
        }
        return true
    }
}

/// How types are read: only to find their end.
extension TypeEraser {
    mutating func eraseType() throws(Stop) {
        let start = index
        try type()
        erase(from: start)
    }

    /// `: T`, when there is one.
    mutating func eraseAnnotation() throws(Stop) {
        guard text == ":" else { return }
        let start = index
        try advance()
        try type()
        erase(from: start)
    }

    /// `<T extends X = Y>`, when there is one.
    mutating func eraseTypeParameters() throws(Stop) {
        guard text == "<" else { return }
        let start = index
        try typeList()
        erase(from: start)
    }

    /// From `<` to behind its `>`.
    mutating func typeList() throws(Stop) {
        try advance()
        while text != ">" {
            while ["const", "in", "out"].contains(text), isWord(1) { try advance() }
            try type()
            if try take("=") { try type() }
            guard try take(",") || text == ">" else { throw .wrongGuess }
        }
        try advance()
    }

    mutating func type() throws(Stop) {
        try deeper { eraser throws(Stop) in
            if eraser.text == "|" || eraser.text == "&" { try eraser.advance() }
            try eraser.unionMember()
            while eraser.text == "|" || eraser.text == "&" {
                try eraser.advance()
                try eraser.unionMember()
            }
            guard eraser.text == "extends", !eraser.isOnNewLine() else { return }
            try eraser.advance()
            try eraser.type()
            guard try eraser.take("?") else { return }
            try eraser.type()
            guard try eraser.take(":") else { throw .wrongGuess }
            try eraser.type()
        }
    }

    private static let typeOperators: Set<String> = [
        "keyof", "readonly", "unique", "infer", "typeof", "asserts", "abstract", "new",
    ]

    private mutating func unionMember() throws(Stop) {
        while Self.typeOperators.contains(text), isWord(1) || ["(", "[", "{", "<"].contains(at(1)) || isKey(1) {
            if at(1) == "is", text == "asserts" { break }
            try advance()
        }
        try primaryType()
        while true {
            if text == "[", !isOnNewLine() {
                try skipBrackets()
            } else if text == "is", !isOnNewLine(), isWord(1) || isKey(1) || ["{", "(", "["].contains(at(1)) {
                try advance()
                try type()
            } else {
                return
            }
        }
    }

    private mutating func primaryType() throws(Stop) {
        guard !isAtEnd else { throw .wrongGuess }
        switch (tokens[index].kind, text) {
        case (_, "<"):
            try typeList()
            guard text == "(" else { throw .wrongGuess }
            try primaryType()
        case (_, "("):
            try skipBrackets()
            if text == "=>" {
                try advance()
                try type()
            }
        case (_, "{"), (_, "["): try skipBrackets()
        case (_, "-"): try advance(); try advance()
        case (.template, _):
            while !isAtEnd, tokens[index].partner > index { index = tokens[index].partner }
            try advance()
        case (.string, _), (.number, _): try advance()
        case (.word, _): try typeName()
        default: throw .wrongGuess
        }
    }

    /// Types that take no arguments: `x as any < 3` compares.
    private static let plainTypes: Set<String> = [
        "any", "unknown", "never", "void", "null", "undefined", "string", "number", "boolean", "bigint", "symbol",
        "object", "true", "false", "const",
    ]

    private mutating func typeName() throws(Stop) {
        let isImport = text == "import"
        let isPlain = Self.plainTypes.contains(text)
        try advance()
        if isImport, text == "(" { try skipBrackets() }
        while text == ".", isWord(1) {
            try advance()
            try advance()
        }
        if text == "<", !isPlain, !isOnNewLine() { try typeList() }
    }
}

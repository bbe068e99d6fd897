extension TypeEraser {
    mutating func block() throws(Stop) {
        try deeper { eraser throws(Stop) in
            try eraser.inside { eraser throws(Stop) in try eraser.statement() }
        }
    }

    /// Always goes on by a token at least.
    mutating func statement() throws(Stop) {
        let before = index
        try deeper { eraser throws(Stop) in
            if try eraser.typeStatement() { return }
            try eraser.plainStatement()
        }
        if index == before { try advance() }
    }

    // MARK: Statements that only TypeScript has

    private static let declarable: Set<String> = [
        "const", "let", "var", "function", "async", "class", "abstract", "enum", "namespace", "module", "global",
        "interface", "type",
    ]

    private mutating func typeStatement() throws(Stop) -> Bool {
        let start = index
        guard isWord(), isWord(1) || at(1) == "{" || at(1) == "*", !isOnNewLine(1) else { return false }
        switch text {
        case "interface" where isWord(1):
            try interface()
            eraseStatement(from: start)
        case "type" where isWord(1) && (at(2) == "=" || at(2) == "<"):
            let isType = try guess { eraser throws(Stop) in try eraser.alias() }
            guard isType else { return false }
            eraseStatement(from: start)
        case "declare" where Self.declarable.contains(at(1)):
            try advance()
            try ambient()
            eraseStatement(from: start)
        case "import" where at(1) == "type" && at(2) != "from":
            while !isAtEnd, tokens[index].kind != .string { try advance() }
            if !isAtEnd { try advance() }
            try take(";")
            eraseStatement(from: start)
        case "abstract" where at(1) == "class":
            try eraseOne()
            try classDefinition()
        case "enum" where isWord(1) && at(2) == "{", "const" where at(1) == "enum":
            throw refuse("TypeScript's enum", "Use an object: const Color = { Red: \"red\" }; or a union of strings.")
        case "namespace" where isWord(1) && [".", "{"].contains(at(2)),
            "module" where isWord(1) && [".", "{"].contains(at(2)):
            throw refuse("TypeScript's namespace", "Use an object or plain functions.")
        default: return false
        }
        return true
    }

    private mutating func alias() throws(Stop) {
        try advance()
        try advance()
        if text == "<" { try typeList() }
        guard try take("=") else { throw .wrongGuess }
        try type()
        try take(";")
    }

    private mutating func interface() throws(Stop) {
        try advance()
        try advance()
        while !isAtEnd, text != "{" { try advance() }
        if !isAtEnd { try skipBrackets() }
    }

    /// What stands behind `declare`, to its end.
    private mutating func ambient() throws(Stop) {
        switch text {
        case "interface": return try interface()
        case "type":
            if try guess({ eraser throws(Stop) in try eraser.alias() }) { return }
        case "const" where at(1) != "enum", "let", "var": return try declarations()
        case "function", "async":
            try take("async")
            try function()
            try take(";")
            return
        default: break
        }
        while !isAtEnd, text != "{", text != ";" { try advance() }
        if text == "{" { try skipBrackets() } else { try take(";") }
    }

    // MARK: Statements of both

    private mutating func plainStatement() throws(Stop) {
        switch text {
        case "{": return try block()
        case "const", "let", "var":
            if isWord(1) || ["{", "["].contains(at(1)) { return try declarations() }
        case "function": return try functionStatement(from: index)
        case "async" where at(1) == "function" && !isOnNewLine(1):
            let start = index
            try advance()
            return try functionStatement(from: start)
        case "class": return try classDefinition()
        case "for", "if", "while", "switch", "with":
            guard at(1) == "(" || at(1) == "await" else { break }
            let isSwitch = text == "switch"
            try advance()
            try take("await")
            guard text == "(" else { return }
            try head()
            if isSwitch { if text == "{" { try block() } } else { try statement() }
            return
        case "catch" where at(1) == "(":
            try advance()
            return try parameters()
        case "case":
            try advance()
            isBeforeColon = true
            try expression()
            isBeforeColon = false
            try take(":")
            return
        case "return", "throw":
            try advance()
            if !isOnNewLine() { try expression() }
            return
        case "else", "do", "try", "finally", "export", ";": return try advance()
        default:
            if isWord(), at(1) == ":" {
                try advance()
                return try advance()
            }
        }
        try expression()
    }

    /// One without a body is the signature of an overload.
    private mutating func functionStatement(from start: Int) throws(Stop) {
        if try function() { return }
        try take(";")
        eraseStatement(from: start)
    }

    private mutating func declarations() throws(Stop) {
        repeat {
            try advance()
            try binding()
        } while text == ","
        try take(";")
    }

    /// The parenthesis of `for`, `if` and the like.
    private mutating func head() throws(Stop) {
        try inside { eraser throws(Stop) in
            if ["const", "let", "var"].contains(eraser.text) { return try eraser.declarations() }
            if ["of", "in", ";"].contains(eraser.text) { return try eraser.advance() }
            try eraser.expression()
        }
    }
}

/// Expressions, as far as they have to be known to tell types from comparisons.
extension TypeEraser {
    private static let prefixes: Set<String> = [
        "+", "-", "!", "~", "++", "--", "typeof", "void", "delete", "await", "new", "yield", "...",
    ]
    private static let operators: Set<String> = [
        "+", "-", "*", "/", "%", "**", "==", "!=", "===", "!==", "<", "<=", "<<", "&", "|", "^", "&&", "||", "??",
        "=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", "&=", "|=", "^=", "&&=", "||=", "??=", "in", "instanceof",
    ]

    mutating func expression(commas: Bool = true) throws(Stop) {
        try deeper { eraser throws(Stop) in
            while true {
                try eraser.prefixed()
                if eraser.text == "?" {
                    try eraser.conditional()
                    if commas, try eraser.take(",") { continue }
                    return
                }
                guard try eraser.operation(commas) else { return }
            }
        }
    }

    /// Whether something follows that needs another operand.
    private mutating func operation(_ commas: Bool) throws(Stop) -> Bool {
        if text == ">" {
            while text == ">" || text == "=" { try advance() }
            return true
        }
        guard Self.operators.contains(text) || commas && text == "," else { return false }
        try advance()
        return true
    }

    private mutating func conditional() throws(Stop) {
        try advance()
        let outer = isBeforeColon
        isBeforeColon = true
        try expression(commas: false)
        isBeforeColon = outer
        if try take(":") { try expression(commas: false) }
    }

    private mutating func prefixed() throws(Stop) {
        while Self.prefixes.contains(text) {
            let isYield = text == "yield"
            try advance()
            if isYield, text == "*" { try advance() }
        }
        try operand()
        while try postfix() {}
    }

    // MARK: Behind an operand

    private mutating func postfix() throws(Stop) -> Bool {
        guard !isAtEnd else { return false }
        switch text {
        case ".", "?.":
            try advance()
            if isWord() { try advance() }
            return true
        case "(": try arguments()
        case "[": try inside { eraser throws(Stop) in try eraser.expression() }
        case "!" where !isOnNewLine(): try eraseOne()
        case "++" where !isOnNewLine(), "--" where !isOnNewLine(): try advance()
        case "as" where !isOnNewLine(), "satisfies" where !isOnNewLine():
            let start = index
            return try guess { eraser throws(Stop) in
                try eraser.advance()
                try eraser.type()
                eraser.erase(from: start)
            }
        case "<": return try typeArguments()
        default:
            guard tokens[index].kind == .template, isTemplateStart else { return false }
            try template()
        }
        return true
    }

    private static let afterTypeArguments: Set<String> = [
        "(", ")", "]", ",", ";", ":", "}", ".", "?.", "==", "===", "!=", "!==", "&&", "||", "??", "?", "{",
        "implements",
    ]

    mutating func typeArguments() throws(Stop) -> Bool {
        let start = index
        return try guess { eraser throws(Stop) in
            try eraser.typeList()
            guard
                eraser.isAtEnd || eraser.isOnNewLine() || Self.afterTypeArguments.contains(eraser.text)
                    || eraser.tokens[eraser.index].kind == .template
            else { throw .wrongGuess }
            eraser.erase(from: start)
        }
    }

    mutating func arguments() throws(Stop) {
        try inside { eraser throws(Stop) in
            try eraser.expression(commas: false)
        }
    }

    /// Reads until the bracket that closes the one here, whatever stands between.
    mutating func inside(_ body: (inout TypeEraser) throws(Stop) -> Void) throws(Stop) {
        let end = tokens[index].partner
        guard end > index else { return try advance() }
        let outer = isBeforeColon
        isBeforeColon = false
        try advance()
        while index < end {
            let before = index
            try body(&self)
            if index == before || text == "," { try advance() }
        }
        isBeforeColon = outer
        guard index == end else { throw .giveUp }
        try advance()
    }

    // MARK: Operands

    private var isTemplateStart: Bool { units[tokens[index].start] == 96 }

    private mutating func template() throws(Stop) {
        while !isAtEnd, tokens[index].partner > index {
            let end = tokens[index].partner
            try advance()
            let outer = isBeforeColon
            isBeforeColon = false
            while index < end {
                let before = index
                try expression()
                if index == before { try advance() }
            }
            isBeforeColon = outer
            guard index == end else { throw .giveUp }
        }
        try advance()
    }

    private mutating func operand() throws(Stop) {
        guard !isAtEnd else { return }
        switch tokens[index].kind {
        case .template: if isTemplateStart { try template() }
        case .number, .string, .regex: try advance()
        case .word: try wordOperand()
        case .mark:
            switch text {
            case "(":
                if try arrow() { return }
                try inside { eraser throws(Stop) in try eraser.expression() }
            case "[": try inside { eraser throws(Stop) in try eraser.expression(commas: false) }
            case "{": try inside { eraser throws(Stop) in try eraser.member() }
            case "<": try genericOperand()
            default: break
            }
        }
    }

    private static let noOperands: Set<String> = [
        "in", "instanceof", "of", "case", "default", "else", "return", "const", "var", "if", "for", "while", "switch",
        "try", "throw", "break", "continue", "do",
    ]

    private mutating func wordOperand() throws(Stop) {
        guard !Self.noOperands.contains(text) else { return }
        if text == "async", !isOnNewLine(1) {
            if at(1) == "function" || isWord(1) && at(2) == "=>" {
                try advance()
            } else if at(1) == "(" || at(1) == "<" {
                let start = index
                try advance()
                if text == "<" ? try genericArrow() : try arrow() { return }
                index = start
            }
        }
        switch text {
        case "function": try function()
        case "class": try classDefinition()
        default:
            try advance()
            if text == "=>" { try arrowBody() }
        }
    }

    private mutating func genericOperand() throws(Stop) {
        if try genericArrow() { return }
        let start = index
        let isAssertion = try guess { eraser throws(Stop) in
            try eraser.typeList()
            eraser.erase(from: start)
        }
        if isAssertion { try prefixed() }
    }

    private mutating func genericArrow() throws(Stop) -> Bool {
        let start = index
        return try guess { eraser throws(Stop) in
            try eraser.typeList()
            guard eraser.text == "(" else { throw .wrongGuess }
            eraser.erase(from: start)
            guard try eraser.arrow() else { throw .wrongGuess }
        }
    }

    /// At a parenthesis: an arrow function, if it is one.
    private mutating func arrow() throws(Stop) -> Bool {
        let behind = tokens[index].partner + 1
        guard behind > index, behind < tokens.count else { return false }
        guard tokens[behind].text == "=>" || tokens[behind].text == ":" && !isBeforeColon else { return false }
        if tokens[behind].text == ":" {
            let start = index
            index = behind + 1
            let isType = try guess { eraser throws(Stop) in try eraser.type() }
            let isArrow = isType && text == "=>"
            index = start
            guard isArrow else { return false }
        }
        try parameters()
        try eraseAnnotation()
        try arrowBody()
        return true
    }

    private mutating func arrowBody() throws(Stop) {
        guard try take("=>") else { return }
        if text == "{" { try block() } else { try expression(commas: false) }
    }

    // MARK: Objects

    private mutating func member() throws(Stop) {
        if try take("...") { return try expression(commas: false) }
        while ["get", "set", "async", "*"].contains(text), isKey(1) || at(1) == "[" || at(1) == "*" { try advance() }
        if text == "[" {
            try inside { eraser throws(Stop) in try eraser.expression() }
        } else if isKey() {
            try advance()
        }
        switch text {
        case "(", "<": _ = try functionRest()
        case ":", "=":
            try advance()
            try expression(commas: false)
        default: break
        }
    }
}

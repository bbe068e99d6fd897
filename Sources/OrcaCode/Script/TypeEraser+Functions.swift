/// Functions and classes.
extension TypeEraser {
    private static let accesses: Set<String> = ["public", "private", "protected", "readonly", "override"]

    /// At `function`. Whether it has a body.
    @discardableResult
    mutating func function() throws(Stop) -> Bool {
        try advance()
        try take("*")
        if isWord() { try advance() }
        return try functionRest()
    }

    /// From the parameters on. Whether there is a body.
    mutating func functionRest() throws(Stop) -> Bool {
        try eraseTypeParameters()
        guard text == "(" else { return false }
        try parameters()
        try eraseAnnotation()
        guard text == "{" else { return false }
        try block()
        return true
    }

    mutating func parameters() throws(Stop) {
        try inside { eraser throws(Stop) in
            if Self.accesses.contains(eraser.text), eraser.isWord(1) || ["{", "["].contains(eraser.at(1)) {
                throw eraser.refuse(
                    "TypeScript's parameter properties (\(eraser.text))", "Declare a field and assign it: this.x = x.")
            }
            if eraser.text == "this", eraser.at(1) == ":" {
                let start = eraser.index
                try eraser.advance()
                try eraser.advance()
                try eraser.type()
                try eraser.take(",")
                return eraser.erase(from: start)
            }
            try eraser.take("...")
            try eraser.binding()
        }
    }

    /// A name or pattern with its type and default.
    mutating func binding() throws(Stop) {
        switch text {
        case "{", "[": try pattern()
        default: if isWord() { try advance() }
        }
        if text == "?" || text == "!" { try eraseOne() }
        try eraseAnnotation()
        if try take("=") { try expression(commas: false) }
    }

    private mutating func pattern() throws(Stop) {
        try deeper { eraser throws(Stop) in
            try eraser.inside { eraser throws(Stop) in try eraser.patternMember() }
        }
    }

    /// `a`, `...a`, `a = 1`, `a: b = 1`, `[k]: {c}`, `{d} = {}`
    private mutating func patternMember() throws(Stop) {
        try take("...")
        if text == "{" || text == "[" { try pattern() } else if isKey() { try advance() }
        if try take(":") {
            if text == "{" || text == "[" { try pattern() } else { try advance() }
        }
        if try take("=") { try expression(commas: false) }
    }

    // MARK: Classes

    mutating func classDefinition() throws(Stop) {
        try advance()
        if isWord(), text != "extends", text != "implements" { try advance() }
        try eraseTypeParameters()
        if try take("extends") { try baseClass() }
        if text == "implements" {
            let start = index
            repeat {
                try advance()
                try type()
            } while text == ","
            erase(from: start)
        }
        guard text == "{" else { return }
        try deeper { eraser throws(Stop) in
            try eraser.inside { eraser throws(Stop) in try eraser.classMember() }
        }
    }

    /// A name with type arguments, or any call.
    private mutating func baseClass() throws(Stop) {
        if text == "(" {
            try inside { eraser throws(Stop) in try eraser.expression() }
        } else {
            try advance()
        }
        while !isAtEnd {
            if text == "." {
                try advance()
                try advance()
            } else if text == "(" {
                try arguments()
            } else if text == "<" {
                guard try typeArguments() else { return }
            } else {
                return
            }
        }
    }

    private static let modifiers: Set<String> = accesses.union([
        "static", "async", "get", "set", "accessor", "abstract", "declare",
    ])

    private mutating func classMember() throws(Stop) {
        let start = index
        var isGone = false
        while Self.modifiers.contains(text), isKey(1) || ["[", "*", "{"].contains(at(1)), !isOnNewLine(1) {
            if text == "static", at(1) == "{" {
                try advance()
                return try block()
            }
            if text == "abstract" || text == "declare" { isGone = true }
            if ["static", "async", "get", "set", "accessor"].contains(text) { try advance() } else { try eraseOne() }
        }
        try take("*")
        if text == "[" {
            if isWord(1), at(2) == ":" {
                isGone = true
                try skipBrackets()
            } else {
                try inside { eraser throws(Stop) in try eraser.expression() }
            }
        } else if isKey() {
            try advance()
        }
        if text == "?" || text == "!" { try eraseOne() }
        if text == "(" || text == "<" {
            let hasBody = try functionRest()
            if !hasBody { isGone = true }
        } else {
            try eraseAnnotation()
            if try take("=") { try expression(commas: false) }
        }
        if isGone {
            try take(";")
            eraseStatement(from: start)
        }
    }
}

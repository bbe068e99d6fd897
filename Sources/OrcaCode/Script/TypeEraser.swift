package import OrcaSupport

/// Makes JavaScript of TypeScript: types become spaces, so that every line and column stays where it was. What cannot be
/// erased because it means something at run time (enums, namespaces, parameter properties) is refused by name. What it
/// does not understand it leaves as it is; then the engine has the last word.
package struct TypeEraser {
    package enum Outcome: Equatable, Sendable {
        case erased(String)
        case refused(Refusal)
        case outOfTime
    }

    package struct Refusal: Equatable, Sendable {
        package let message: String
        package let hint: String
        package let line: Int
        package let column: Int
    }

    enum Stop: Error {
        case refused(Refusal)
        /// Nested too deep, or too much work.
        case giveUp
        case outOfTime
        /// A guess was wrong; whoever guessed goes back.
        case wrongGuess
    }

    private static let depthMax = 120
    private static let stepsPerToken = 16
    /// Steps between two looks at the clock.
    private static let stepsPerLook = 256

    let units: [UInt16]
    let tokens: [TypeToken]
    var index = 0
    private var blanks: [(from: Int, to: Int, mark: UInt16)] = []
    private var depth = 0
    private var steps = 0
    private let deadline: Deadline
    /// Whether a colon may be that of a `?`.
    var isBeforeColon = false

    package static func erase(_ code: String, until deadline: Deadline = .never) -> Outcome {
        let units = Array(code.utf16)
        guard let tokens = TypeLexer.tokens(units, until: deadline) else {
            return deadline.hasPassed ? .outOfTime : .erased(code)
        }
        var eraser = TypeEraser(units: units, tokens: tokens, deadline: deadline)
        do {
            while !eraser.isAtEnd { try eraser.statement() }
        } catch .refused(let refusal) {
            return .refused(refusal)
        } catch .outOfTime {
            return .outOfTime
        } catch {
            return .erased(code)
        }
        return .erased(eraser.result)
    }

    private init(units: [UInt16], tokens: [TypeToken], deadline: Deadline) {
        self.units = units
        self.tokens = tokens
        self.deadline = deadline
    }

    private var result: String {
        var units = units
        for blank in blanks {
            for place in blank.from..<blank.to where !TypeLexer.isLineEnd(units[place]) { units[place] = 32 }
            if blank.mark != 32 { units[blank.from] = blank.mark }
        }
        return String(decoding: units, as: UTF16.self)
    }

    // MARK: Looking

    var isAtEnd: Bool { index >= tokens.count }
    var text: String { at(0) }
    func at(_ offset: Int) -> String { index + offset < tokens.count ? tokens[index + offset].text : "" }
    func isWord(_ offset: Int = 0) -> Bool { index + offset < tokens.count && tokens[index + offset].kind == .word }
    func isOnNewLine(_ offset: Int = 0) -> Bool {
        index + offset >= tokens.count || tokens[index + offset].isOnNewLine
    }
    func isKey(_ offset: Int = 0) -> Bool {
        index + offset < tokens.count && [.word, .string, .number].contains(tokens[index + offset].kind)
    }

    // MARK: Moving

    mutating func advance() throws(Stop) {
        index += 1
        steps += 1
        if steps > tokens.count * Self.stepsPerToken { throw .giveUp }
        if steps.isMultiple(of: Self.stepsPerLook), deadline.hasPassed { throw .outOfTime }
    }

    @discardableResult
    mutating func take(_ wanted: String) throws(Stop) -> Bool {
        guard text == wanted else { return false }
        try advance()
        return true
    }

    /// Behind the bracket that belongs to this one.
    mutating func skipBrackets() throws(Stop) {
        guard !isAtEnd, tokens[index].partner > index else { return try advance() }
        index = tokens[index].partner
        try advance()
    }

    mutating func deeper(_ body: (inout TypeEraser) throws(Stop) -> Void) throws(Stop) {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthMax { throw .giveUp }
        try body(&self)
    }

    /// Whether the body came through; otherwise all is as before.
    mutating func guess(_ body: (inout TypeEraser) throws(Stop) -> Void) throws(Stop) -> Bool {
        let before = (index, blanks.count, depth)
        do {
            try body(&self)
            return true
        } catch .wrongGuess {
            index = before.0
            blanks.removeSubrange(before.1...)
            depth = before.2
            return false
        }
    }

    // MARK: Erasing

    /// Everything from that token to before this one.
    mutating func erase(from start: Int) {
        guard start < index else { return }
        blanks.append((tokens[start].start, tokens[index - 1].end, 32))
    }

    /// The same, for a whole statement: a semicolon stays, so that its neighbours do not grow together.
    mutating func eraseStatement(from start: Int) {
        guard start < index else { return }
        blanks.append((tokens[start].start, tokens[index - 1].end, 59))
    }

    mutating func eraseOne() throws(Stop) {
        let start = index
        try advance()
        erase(from: start)
    }

    func refuse(_ what: String, _ hint: String) -> Stop {
        let place = isAtEnd ? units.count : tokens[index].start
        var line = 1
        var column = 1
        for (position, unit) in units[..<place].enumerated() {
            column += 1
            guard TypeLexer.isLineEnd(unit), !(unit == 13 && position + 1 < units.count && units[position + 1] == 10)
            else { continue }
            (line, column) = (line + 1, 1)
        }
        return .refused(Refusal(message: "\(what) cannot be used in scripts", hint: hint, line: line, column: column))
    }
}

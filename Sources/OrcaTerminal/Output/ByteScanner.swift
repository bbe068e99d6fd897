/// Splits what a program writes into text, cursor movements that matter for lines, and signals. Any split of the bytes
/// gives the same result.
///
/// Sources: ECMA-48 5.4 and 5.6; XTerm control sequences (OSC, DCS, DECSET); tmux's pass-through, `ESC P tmux; … ESC \`
/// with inner escapes doubled.
package struct ByteScanner: Sendable {
    package enum Piece: Sendable, Hashable {
        /// UTF-8 text without control characters; may begin or end within a character.
        case text(ArraySlice<UInt8>)
        case lineFeed
        case carriageReturn
        case backspace
        case tab
        /// A sequence that moves the cursor to another row, or back in its row, or erases: what was written so far is being redrawn.
        case redraw(Redraw)
        case signal(TerminalSignal)
    }

    package enum Redraw: Sendable, Hashable {
        /// To another place of the screen.
        case move
        /// To a column of this row, counted from 0.
        case column(Int)
        /// Columns back (negative) or forward.
        case columnsBy(Int)
        /// From the cursor to the end of the row.
        case eraseToEnd
        case eraseLine
        case eraseScreen
    }

    private enum State: Sendable {
        case ground
        case escape
        /// `ESC` and an intermediate byte: one final byte follows.
        case intermediate
        case control
        case osc
        /// `ESC` inside an OSC: `\` ends it.
        case oscEscape
        /// DCS, SOS, PM, APC.
        case string
        case stringEscape
    }

    private var state = State.ground
    private var buffer: [UInt8] = []
    private var isOverlong = false
    private var isDCS = false
    private let depth: Int

    package init() { depth = 0 }

    private init(depth: Int) { self.depth = depth }

    /// Whether everything so far has been handed out.
    package var isAtRest: Bool { state == .ground }

    package mutating func scan(_ bytes: [UInt8], _ emit: (Piece) -> Void) {
        var position = 0
        while position < bytes.count {
            if state == .ground {
                position = ground(bytes, position, emit)
            } else {
                step(bytes[position], emit)
                position += 1
            }
        }
    }

    /// A run of text, or one control byte. Answers where to go on.
    private mutating func ground(_ bytes: [UInt8], _ start: Int, _ emit: (Piece) -> Void) -> Int {
        var end = start
        bytes.withUnsafeBufferPointer { bytes in
            while end < bytes.count, bytes[end] >= 0x20, bytes[end] != 0x7F { end += 1 }
        }
        if end > start {
            emit(.text(bytes[start..<end]))
            return end
        }
        switch bytes[start] {
        case 0x07: emit(.signal(.bell))
        case 0x08: emit(.backspace)
        case 0x09: emit(.tab)
        case 0x0A, 0x0B, 0x0C: emit(.lineFeed)
        case 0x0D: emit(.carriageReturn)
        case 0x1B: begin(.escape)
        default: break
        }
        return start + 1
    }

    private mutating func begin(_ next: State) {
        state = next
        buffer.removeAll(keepingCapacity: true)
        isOverlong = false
    }

    private mutating func step(_ byte: UInt8, _ emit: (Piece) -> Void) {
        switch state {
        case .ground: preconditionFailure("text is scanned in runs")
        case .escape: escape(byte, emit)
        case .intermediate:
            if byte >= 0x30 { state = .ground }
            if byte == 0x1B { begin(.escape) }
        case .control: control(byte, emit)
        case .osc:
            switch byte {
            case 0x07: finishOSC(emit)
            case 0x1B: state = .oscEscape
            case 0x18, 0x1A: state = .ground
            default: keep(byte)
            }
        case .oscEscape:
            finishOSC(emit)
            if byte != UInt8(ascii: "\\") {
                begin(.escape)
                step(byte, emit)
            }
        case .string:
            switch byte {
            case 0x1B: state = .stringEscape
            case 0x18, 0x1A: state = .ground
            default: keep(byte)
            }
        case .stringEscape:
            if byte == UInt8(ascii: "\\") {
                finishString(emit)
            } else {
                keep(0x1B)
                // tmux doubles the escapes of what it passes through.
                if byte != 0x1B { keep(byte) }
                state = .string
            }
        }
    }

    private mutating func escape(_ byte: UInt8, _ emit: (Piece) -> Void) {
        switch byte {
        case UInt8(ascii: "["): begin(.control)
        case UInt8(ascii: "]"): begin(.osc)
        case UInt8(ascii: "P"):
            begin(.string)
            isDCS = true
        case UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            begin(.string)
            isDCS = false
        case 0x1B: break
        case 0x20...0x2F: state = .intermediate
        case UInt8(ascii: "M"), UInt8(ascii: "c"), UInt8(ascii: "8"):
            // Reverse index, full reset, restore cursor.
            state = .ground
            emit(.redraw(.move))
        case UInt8(ascii: "D"), UInt8(ascii: "E"):
            state = .ground
            emit(.lineFeed)
        case 0x00..<0x20:
            // A control character takes effect in the middle of a sequence.
            if byte == 0x0A { emit(.lineFeed) }
            if byte == 0x0D { emit(.carriageReturn) }
        default: state = .ground
        }
    }

    private mutating func control(_ byte: UInt8, _ emit: (Piece) -> Void) {
        switch byte {
        case 0x40...0x7E:
            state = .ground
            if !isOverlong { finishControl(byte, emit) }
        case 0x1B: begin(.escape)
        case 0x18, 0x1A: state = .ground
        case 0x0A: emit(.lineFeed)
        case 0x0D: emit(.carriageReturn)
        case 0x20...0x3F: keep(byte)
        default: break
        }
    }

    private mutating func keep(_ byte: UInt8) {
        if buffer.count < TerminalLimits.sequenceBytesMax { buffer.append(byte) } else { isOverlong = true }
    }

    private func finishControl(_ final: UInt8, _ emit: (Piece) -> Void) {
        if buffer.first == UInt8(ascii: "?") {
            guard final == UInt8(ascii: "h") || final == UInt8(ascii: "l") else { return }
            let isSet = final == UInt8(ascii: "h")
            for mode in numbers(buffer.dropFirst()) {
                switch mode {
                case 2004: emit(.signal(.pasteMode(isSet)))
                case 47, 1047, 1049: emit(.signal(.alternateScreen(isSet)))
                default: break
                }
            }
            return
        }
        let values = numbers(buffer[...])
        let first = values.first ?? 0
        switch final {
        case UInt8(ascii: "H"), UInt8(ascii: "f"), UInt8(ascii: "A"), UInt8(ascii: "B"), UInt8(ascii: "E"),
            UInt8(ascii: "F"), UInt8(ascii: "d"), UInt8(ascii: "S"), UInt8(ascii: "T"), UInt8(ascii: "L"),
            UInt8(ascii: "M"), UInt8(ascii: "u"):
            emit(.redraw(.move))
        case UInt8(ascii: "G"), UInt8(ascii: "`"): emit(.redraw(.column(max(0, first - 1))))
        case UInt8(ascii: "C"): emit(.redraw(.columnsBy(max(1, first))))
        case UInt8(ascii: "D"): emit(.redraw(.columnsBy(-max(1, first))))
        case UInt8(ascii: "K"): emit(.redraw(first == 0 ? .eraseToEnd : .eraseLine))
        case UInt8(ascii: "J"): emit(.redraw(.eraseScreen))
        default: break
        }
    }

    /// Parameters separated by `;`; a missing one is 0, and none is bigger than a screen could be.
    private func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
        bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { part in
            part.reduce(0) { sum, byte in
                byte >= 0x30 && byte <= 0x39 ? min(100_000, sum * 10 + Int(byte - 0x30)) : sum
            }
        }
    }

    private mutating func finishOSC(_ emit: (Piece) -> Void) {
        state = .ground
        guard let signal = OperatingSystemCommand.signal(buffer, isCut: isOverlong) else { return }
        emit(.signal(signal))
    }

    private mutating func finishString(_ emit: (Piece) -> Void) {
        state = .ground
        let prefix = Array("tmux;".utf8)
        guard isDCS, !isOverlong, depth == 0, buffer.starts(with: prefix) else { return }
        var inner = ByteScanner(depth: 1)
        // Only what it signals counts: the rest is for the outer terminal.
        inner.scan(Array(buffer.dropFirst(prefix.count))) { piece in
            if case .signal = piece { emit(piece) }
        }
    }
}

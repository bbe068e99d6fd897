/// Reads the body of an OSC sequence.
enum OperatingSystemCommand {
    /// `nil` when it says nothing we know. `isCut`: its end is missing.
    static func signal(_ body: [UInt8], isCut: Bool) -> TerminalSignal? {
        let split = body.firstIndex(of: UInt8(ascii: ";")) ?? body.endIndex
        guard let number = Int(String(decoding: body[..<split], as: UTF8.self)) else { return nil }
        let rest = split < body.endIndex ? body[(split + 1)...] : []
        switch number {
        case 0, 2: return .title(title(rest))
        case 1: return .iconTitle(title(rest))
        case 9: return notification(rest)
        case 133: return isCut ? nil : shell(rest)
        case 777:
            let text = String(decoding: rest, as: UTF8.self)
            guard text.hasPrefix("notify;") else { return nil }
            return .notification(title(rest.dropFirst("notify;".utf8.count)))
        case 7501: return isCut ? nil : state(rest)
        case 9999: return isCut ? nil : .agentReport(String(decoding: rest, as: UTF8.self))
        default: return nil
        }
    }

    /// Made harmless and short enough to show.
    private static func title(_ bytes: ArraySlice<UInt8>) -> String {
        PromptText.label(String(decoding: bytes, as: UTF8.self), limit: TerminalLimits.titleCharactersMax)
    }

    /// `4;state;percent` is progress; anything else is a text for the person.
    private static func notification(_ body: ArraySlice<UInt8>) -> TerminalSignal? {
        let fields = body.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        if fields.count >= 2, fields[0].elementsEqual("4".utf8),
            let progress = Int(String(decoding: fields[1], as: UTF8.self)), (0...4).contains(progress)
        {
            return .progress(progress)
        }
        return .notification(title(body))
    }

    private static func shell(_ body: ArraySlice<UInt8>) -> TerminalSignal? {
        let fields = body.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        switch fields.first.map({ String(decoding: $0, as: UTF8.self) }) {
        case "A": return .shellPrompt
        case "B": return .shellPromptEnd
        case "C": return .shellCommand
        case "D": return .shellCommandEnd(fields.count > 1 ? Int32(String(decoding: fields[1], as: UTF8.self)) : nil)
        default: return nil
        }
    }

    /// `state=idle:app=vibe`; the question `?` says nothing.
    private static func state(_ body: ArraySlice<UInt8>) -> TerminalSignal? {
        let text = String(decoding: body, as: UTF8.self)
        for field in text.split(whereSeparator: { $0 == ":" || $0 == ";" }) where field.hasPrefix("state=") {
            return .agentState(String(field.dropFirst("state=".count)))
        }
        return nil
    }
}

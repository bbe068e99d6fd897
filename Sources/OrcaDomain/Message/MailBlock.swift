/// Mail as text for an agent's eyes: what is typed into its terminal, and what `check --inject` prints.
package enum MailBlock {
    /// What is typed when the terminal is idle: all messages in one block.
    package static func pushed(_ messages: [Message]) -> String {
        "\n--- Orchestration Messages (\(messages.count)) ---\n" + banners(messages) + "\n---\n"
    }

    /// The messages alone, separated by blank lines.
    package static func banners(_ messages: [Message]) -> String {
        messages.map(banner).joined(separator: "\n\n")
    }

    private static let ruleWidth = 60

    private static func banner(_ message: Message) -> String {
        var lines = ["──── \(heading(message)) ────", "Subject: \(inert(message.subject))"]
        if !message.body.isEmpty { lines.append(inert(message.body)) }
        if !message.payload.isEmpty { lines.append("[Payload: \(inert(message.payload))]") }
        lines.append(#"[Reply: orca orchestration reply --id \#(message.id) --body "..."]"#)
        lines.append(String(repeating: "─", count: ruleWidth))
        return lines.joined(separator: "\n")
    }

    private static func heading(_ message: Message) -> String {
        var words = ["From: \(message.from.uppercased()) (\(message.from))"]
        switch message.priority {
        case .normal: break
        case .high: words.append("[HIGH]")
        case .urgent: words.append("[URGENT]")
        }
        words.append("(\(message.type.rawValue))")
        return words.joined(separator: " ")
    }

    /// Without what a terminal would take for a command: control characters but for tabs and line ends.
    private static func inert(_ text: String) -> String {
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            clean.append(!isControl || scalar == "\n" || scalar == "\t" ? scalar : "\u{FFFD}")
        }
        return String(clean)
    }
}

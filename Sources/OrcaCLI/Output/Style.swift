/// Colours, when the output is a terminal that wants them.
package struct Style: Sendable {
    package let isEnabled: Bool

    package init(isEnabled: Bool) { self.isEnabled = isEnabled }

    package static let plain = Style(isEnabled: false)

    package func bold(_ text: String) -> String { wrap(text, "1") }
    package func dim(_ text: String) -> String { wrap(text, "2") }
    package func red(_ text: String) -> String { wrap(text, "31") }
    package func green(_ text: String) -> String { wrap(text, "32") }
    package func yellow(_ text: String) -> String { wrap(text, "33") }
    package func blue(_ text: String) -> String { wrap(text, "34") }
    package func cyan(_ text: String) -> String { wrap(text, "36") }

    package func apply(_ tone: Tone, _ text: String) -> String {
        switch tone {
        case .plain: text
        case .strong: bold(text)
        case .faint: dim(text)
        case .good: green(text)
        case .bad: red(text)
        case .warning: yellow(text)
        case .active: cyan(text)
        }
    }

    private func wrap(_ text: String, _ code: String) -> String {
        isEnabled && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

/// What a cell says beside its text.
package enum Tone: Sendable { case plain, strong, faint, good, bad, warning, active }

/// A named option: a switch, or one that takes a value.
package struct Flag {
    /// Long name without dashes.
    package var name: String
    package var short: Character?
    /// `nil` for a switch.
    package var kind: ValueKind?
    /// Stands for the value in help: `NAME`.
    package var placeholder: String
    package var help: String
    package var repeats = false
    package var isRequired = false
    package var isHidden = false

    /// A flag without a value.
    package static func toggle(_ name: String, short: Character? = nil, _ help: String) -> Flag {
        Flag(name: name, short: short, kind: nil, placeholder: "", help: help)
    }

    /// A flag with one value.
    package static func value(
        _ name: String, short: Character? = nil, _ kind: ValueKind, _ placeholder: String, _ help: String,
        required: Bool = false
    ) -> Flag {
        Flag(name: name, short: short, kind: kind, placeholder: placeholder, help: help, isRequired: required)
    }

    /// A flag that may be given several times.
    package static func list(
        _ name: String, short: Character? = nil, _ kind: ValueKind, _ placeholder: String, _ help: String
    ) -> Flag {
        Flag(name: name, short: short, kind: kind, placeholder: placeholder, help: help, repeats: true)
    }

    /// `-a, --agent NAME`, aligned so that flags without a short form line up.
    package var label: String {
        let dashes = short.map { "-\($0), --\(name)" } ?? "    --\(name)"
        return kind == nil ? dashes : "\(dashes) \(placeholder)"
    }
}

/// A positional argument.
package struct Argument {
    package var name: String
    package var kind: ValueKind
    package var help: String
    package var isOptional: Bool
    /// Takes all that is left; only the last argument may.
    package var repeats: Bool

    package init(
        _ name: String, _ kind: ValueKind, _ help: String, optional: Bool = false, repeats: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        isOptional = optional
        self.repeats = repeats
    }

    /// `[TASK]`, `NAME`, `FILE...`
    package var usage: String {
        let word = name.uppercased() + (repeats ? "..." : "")
        return isOptional ? "[\(word)]" : word
    }
}

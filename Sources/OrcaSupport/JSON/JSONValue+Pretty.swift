extension JSONValue {
    /// The value over several lines, indented by two spaces a level, with a line end at the end.
    package var prettyText: String {
        var text = ""
        writePretty(to: &text, indent: 0)
        return text + "\n"
    }

    private func writePretty(to text: inout String, indent: Int) {
        switch self {
        case .array(let values) where !values.isEmpty:
            Self.writeLines(values, "[", "]", to: &text, indent) { value, text in
                value.writePretty(to: &text, indent: indent + 1)
            }
        case .object(let members) where !members.isEmpty:
            Self.writeLines(members, "{", "}", to: &text, indent) { member, text in
                text += String(decoding: JSONValue.string(member.name).jsonBytes(), as: UTF8.self) + ": "
                member.value.writePretty(to: &text, indent: indent + 1)
            }
        case .null, .bool, .integer, .number, .string, .array, .object:
            text += String(decoding: jsonBytes(), as: UTF8.self)
        }
    }

    private static func writeLines<Element>(
        _ elements: [Element], _ opening: String, _ closing: String, to text: inout String, _ indent: Int,
        _ write: (Element, inout String) -> Void
    ) {
        let margin = String(repeating: "  ", count: indent)
        text += opening
        for (index, element) in elements.enumerated() {
            text += (index == 0 ? "\n" : ",\n") + margin + "  "
            write(element, &text)
        }
        text += "\n" + margin + closing
    }
}

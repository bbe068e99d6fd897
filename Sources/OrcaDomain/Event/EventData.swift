/// What an event says besides who and when; becomes one JSON object in the order of the fields.
package struct EventData: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    package enum Value: Sendable, Hashable {
        case text(String)
        case number(Int64)
        case flag(Bool)
        case texts([String])
    }

    package var fields: [(name: String, value: Value)]

    package init(dictionaryLiteral elements: (String, Value)...) {
        fields = elements.map { (name: $0.0, value: $0.1) }
    }

    package init(_ fields: [(name: String, value: Value)] = []) {
        self.fields = fields
    }

    /// The same with more fields at the end.
    package func with(_ more: (String, Value)...) -> EventData {
        EventData(fields + more.map { (name: $0.0, value: $0.1) })
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }

    package func hash(into hasher: inout Hasher) {
        for field in fields {
            hasher.combine(field.name)
            hasher.combine(field.value)
        }
    }
}

/// The head of a request: its first line and its fields, checked.
package struct RequestHead: Sendable {
    /// How the body is delimited. Source: RFC 9112, 6.3.
    package enum Framing: Sendable, Hashable {
        case none
        case length(Int)
        case chunked
    }

    package let method: String
    /// Percent-encoded, begins with `/`.
    package let path: Substring
    /// What follows `?`, percent-encoded; empty when there is none.
    package let query: Substring
    /// False for HTTP/1.0.
    package let isVersion11: Bool
    package let framing: Framing
    package let keepsAlive: Bool
    package let expectsContinue: Bool
    let fields: Fields

    /// The value of a field that may be there once. `name` is in lower case.
    package func value(_ name: StaticString) -> String? { fields.value(name) }

    /// The fields as they stand in the bytes; text is made only of those that are asked for.
    struct Fields: Sendable {
        struct Field: Sendable {
            let name: Range<Int>
            let value: Range<Int>
        }

        let bytes: [UInt8]
        var all: [Field] = []

        func value(_ name: StaticString) -> String? {
            first(name).map { String(decoding: bytes[$0.value], as: UTF8.self) }
        }

        func first(_ name: StaticString) -> Field? {
            all.first { isNamed($0, name) }
        }

        func count(_ name: StaticString) -> Int {
            all.count { isNamed($0, name) }
        }

        /// Whether the value is the given text in any case; `text` is in lower case.
        func isValue(_ field: Field, _ text: StaticString) -> Bool { equal(field.value, text) }

        private func isNamed(_ field: Field, _ name: StaticString) -> Bool { equal(field.name, name) }

        private func equal(_ range: Range<Int>, _ text: StaticString) -> Bool {
            guard range.count == text.utf8CodeUnitCount else { return false }
            for offset in 0..<range.count {
                let byte = bytes[range.lowerBound + offset]
                let lower = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
                guard lower == text.utf8Start[offset] else { return false }
            }
            return true
        }
    }
}

/// Why a text is not the JSON that was asked for.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// Not JSON at all: the text ends early, has a bad literal, an unescaped control character, text after the value.
        case malformed
        /// JSON, but another kind of value than the reader asked for.
        case wrongType
        /// A number that does not fit the type it is read into.
        case outOfRange
        /// Bytes that are not UTF-8, or an escaped half of a surrogate pair.
        case invalidUTF8
        /// More arrays and objects inside each other than allowed.
        case tooDeep
    }

    package var kind: Kind
    package var message: String
    /// Where in the text, in bytes from its start.
    package var offset: Int

    package init(_ kind: Kind, _ message: String, at offset: Int) {
        self.kind = kind
        self.message = message
        self.offset = offset
    }

    package var description: String { "\(message) (at byte \(offset))" }
}

import OrcaSupport

/// Why bytes are not the message that was asked for.
package struct ProtoError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// Broken wire format or broken JSON.
        case malformed
        /// The bytes end in the middle of a field.
        case truncated
        case wrongType
        case outOfRange
        case invalidUTF8
        case tooDeep
        case tooLarge
        /// A JSON member or a parameter that the message does not have.
        case unknownField
        /// A JSON member or a member of a oneof that is there twice.
        case duplicateField
        /// An enum name that the enum does not have.
        case unknownEnumName
    }

    package var kind: Kind
    package var message: String
    /// Where: `task.dependencies[2].policy`; empty for the message as a whole.
    package var path: String
    /// Byte of the input at which it was noticed, if known.
    package var offset: Int?

    package init(_ kind: Kind, _ message: String, path: String = "", offset: Int? = nil) {
        self.kind = kind
        self.message = message
        self.path = path
        self.offset = offset
    }

    init(_ error: JSONError) {
        let kind: Kind =
            switch error.kind {
            case .malformed: .malformed
            case .wrongType: .wrongType
            case .outOfRange: .outOfRange
            case .invalidUTF8: .invalidUTF8
            case .tooDeep: .tooDeep
            }
        self.init(kind, error.message, offset: error.offset)
    }

    /// The same error, seen from the message that holds `field`.
    package func inside(_ field: String) -> ProtoError {
        var copy = self
        copy.path = path.isEmpty ? field : path.hasPrefix("[") ? field + path : "\(field).\(path)"
        return copy
    }

    func inside(index: Int) -> ProtoError { inside("[\(index)]") }

    package var description: String {
        let place = offset.map { " (at byte \($0))" } ?? ""
        return path.isEmpty ? message + place : "\(path): \(message)\(place)"
    }
}

/// An enum of the API. Open: a number that this version does not know is kept as `unrecognized`.
package protocol ProtoEnum: Sendable, Hashable {
    init(rawValue: Int32)

    var rawValue: Int32 { get }

    /// The values this version knows, with their proto names, in the order of the proto.
    static var protoCases: [(name: String, value: Self)] { get }
}

extension ProtoEnum {
    /// The value of number zero.
    package init() { self.init(rawValue: 0) }

    /// The value of that proto name.
    package init?(protoName: String) {
        guard let found = Self.protoCases.first(where: { $0.name == protoName }) else { return nil }
        self = found.value
    }

    /// The proto name; the number in digits when this version does not know it.
    package var protoName: String {
        Self.protoCases.first { $0.value == self }?.name ?? String(rawValue)
    }

    /// The values this version knows.
    package static var knownCases: [Self] { protoCases.map(\.value) }
}

/// A value of a plan file with its place, whatever notation it came from.
struct PlanNode: Sendable {
    var place: PlanDiagnostic.Place
    var value: Value

    enum Value: Sendable {
        /// Text as the notation gives it: `12` and `"12"` are both this.
        case scalar(String)
        /// `null`, `~`, or nothing after the colon.
        case empty
        case list([PlanNode])
        case map([Entry])
    }

    struct Entry: Sendable {
        var key: String
        var keyPlace: PlanDiagnostic.Place
        var value: PlanNode
    }

    init(_ place: PlanDiagnostic.Place, _ value: Value) {
        self.place = place
        self.value = value
    }

    /// What it is, for messages.
    var kind: String {
        switch value {
        case .scalar: "text"
        case .empty: "nothing"
        case .list: "a list"
        case .map: "a map"
        }
    }
}

/// The notations a plan can be written in.
package enum PlanFormat: String, Sendable, CaseIterable {
    case yaml, json, markdown

    /// By the ending of the file's name; YAML, which JSON is nearly a part of, for any other.
    package init(fileName: String) {
        let ending = fileName.split(separator: ".").last?.lowercased() ?? ""
        switch ending {
        case "json": self = .json
        case "md", "markdown": self = .markdown
        default: self = .yaml
        }
    }
}

/// The bounds of a plan file; those of single fields are the domain's.
package enum PlanLimits {
    package static let fileBytesMax = 4 << 20
    /// Lists and maps inside each other.
    package static let depthMax = 64
    /// Nodes after aliases have been put in; a plan of 10,000 rich tasks has fewer.
    package static let nodesMax = 2_000_000
    /// Complaints shown; the rest is counted.
    package static let diagnosticsMax = 100
}

/// One thing that is wrong with a plan file.
package struct PlanDiagnostic: Error, Sendable, Hashable {
    /// From 1, in lines and Unicode scalars.
    package var place: Place
    /// What is wrong and what to write instead.
    package var message: String

    package struct Place: Sendable, Hashable, Comparable {
        package var line: Int
        package var column: Int

        package init(_ line: Int, _ column: Int) {
            self.line = line
            self.column = column
        }

        package static func < (left: Place, right: Place) -> Bool {
            (left.line, left.column) < (right.line, right.column)
        }
    }

    package init(_ place: Place, _ message: String) {
        self.place = place
        self.message = message
    }

    /// `plan.yaml:3:5: message`
    package func text(file: String) -> String { "\(file):\(place.line):\(place.column): \(message)" }
}

/// A plan file that cannot be used; every complaint that could be found, in the order of the file.
package struct PlanError: Error, Sendable, Hashable {
    package var file: String
    package var diagnostics: [PlanDiagnostic]

    package init(file: String, _ diagnostics: [PlanDiagnostic]) {
        self.file = file
        self.diagnostics = diagnostics.sorted { $0.place < $1.place }
    }

    package var lines: [String] { diagnostics.map { $0.text(file: file) } }
}

/// One step of the schema. Steps are numbered, only ever appended, and run in one transaction each.
package struct Migration: Sendable {
    package let version: Int
    package let name: String
    /// Statements with the marks of `SQLDialect.render`.
    package let script: String

    package init(version: Int, name: String, script: String) {
        self.version = version
        self.name = name
        self.script = script
    }

    package static let all: [Migration] = [foundation, terminals, checkouts, messages, orchestration]

    /// The newest schema this program knows.
    package static var newest: Int { all[all.count - 1].version }
}

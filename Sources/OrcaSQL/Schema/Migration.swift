/// One step of the schema. Steps are numbered, only ever appended, and run in one transaction each.
package struct Migration: Sendable {
    package let version: Int
    package let name: String
    /// The oldest schema whose servers can go on working once this step is done: one that only adds supports the step
    /// before it, so that servers can be replaced one after the other.
    package let supports: Int
    /// Statements with the marks of `SQLDialect.render`.
    package let script: String

    package init(version: Int, name: String, supports: Int? = nil, script: String) {
        self.version = version
        self.name = name
        self.supports = supports ?? version
        self.script = script
    }

    package static let all: [Migration] = [foundation, terminals, checkouts, messages, orchestration, servers]

    /// The newest schema this program knows.
    package static var newest: Int { all[all.count - 1].version }
}

/// What must hold before a task counts as completed: commands that succeed, files that exist.
package enum ContractItem: Sendable, Hashable {
    /// Run by `/bin/sh -c` in the checkout; must exit with 0.
    case command(String)
    /// A path below the checkout that must exist and not be empty.
    case file(String)

    package var summary: String {
        switch self {
        case .command(let line): "command `\(line)`"
        case .file(let path): "file \(path)"
        }
    }
}

/// What was found when one line of a contract was checked.
package struct ContractCheck: Sendable, Hashable {
    package var item: ContractItem
    package var passed: Bool
    package var detail: String

    package init(item: ContractItem, passed: Bool, detail: String) {
        self.item = item
        self.passed = passed
        self.detail = detail
    }
}

extension [ContractItem] {
    /// The lines that no passing check covers, in order.
    package func unverified(by checks: [ContractCheck]) -> [ContractItem] {
        filter { item in !checks.contains { $0.passed && $0.item == item } }
    }
}

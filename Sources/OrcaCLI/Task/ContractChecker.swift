import OrcaAPI

/// Checks a task's completion contract in a checkout.
enum ContractChecker {
    /// Bytes kept of what a command printed last.
    private static let detailBytesMax = 2000

    static func check(
        _ contract: [OrcaV1.ContractItem], in directory: String, _ call: Invocation
    ) throws(APIError) -> [OrcaV1.ContractCheck] {
        var checks: [OrcaV1.ContractCheck] = []
        for item in contract {
            var check = OrcaV1.ContractCheck()
            check.item = item
            switch item.requirement {
            case .command(let command): try run(command, directory, call, &check)
            case .file(let path): look(path, directory, call, &check)
            case nil: check.detail = "this orca does not know such a requirement"
            }
            let verdict = check.passed ? call.style.green("passed") : call.style.red("failed")
            call.note("contract: \(TaskView.contract(item)): \(verdict)")
            checks.append(check)
        }
        return checks
    }

    private static func run(
        _ command: String, _ directory: String, _ call: Invocation, _ check: inout OrcaV1.ContractCheck
    ) throws(APIError) {
        // The contract's author wrote it for a shell, and whoever works on the task chose to run it.
        let result = try call.context.host.run(["/bin/sh", "-c", command], directory: directory, input: [])
        check.passed = result.code == 0
        let tail = String(decoding: (result.output + result.errors).suffix(detailBytesMax), as: UTF8.self).trimmed
        check.detail = check.passed ? "exit code 0" : "exit code \(result.code)\(tail.isEmpty ? "" : ": \(tail)")"
    }

    private static func look(
        _ path: String, _ directory: String, _ call: Invocation, _ check: inout OrcaV1.ContractCheck
    ) {
        let isInside = !path.hasPrefix("/") && !path.split(separator: "/").contains("..")
        guard isInside, let size = call.context.host.size(directory + "/" + path) else {
            check.detail = isInside ? "there is no file \(path)" : "\(path) leads out of the checkout"
            return
        }
        check.passed = size > 0
        check.detail = size > 0 ? "\(size) bytes" : "\(path) is empty"
    }
}

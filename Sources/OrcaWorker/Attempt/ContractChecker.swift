import OrcaAPI
import OrcaSupport

/// Looks whether a task's completion contract holds in a checkout.
struct ContractChecker {
    let directory: String
    let environment: [String: String]
    let marker: String
    let lost: StopSignal
    let stop: StopSignal

    /// How long one command of a contract may take.
    static let commandTimeout = Duration.seconds(900)

    /// One finding per line of the contract, in its order. `nil` when the attempt was lost or stopped meanwhile.
    func check(_ contract: [OrcaV1.ContractItem], supervisor: SupervisedRun) -> [OrcaV1.ContractCheck]? {
        var checks: [OrcaV1.ContractCheck] = []
        for item in contract {
            guard let finding = find(item, supervisor) else { return nil }
            var check = OrcaV1.ContractCheck()
            check.item = item
            check.passed = finding.passed
            check.detail = finding.detail
            checks.append(check)
        }
        return checks
    }

    private typealias Finding = (passed: Bool, detail: String)

    private func find(_ item: OrcaV1.ContractItem, _ supervisor: SupervisedRun) -> Finding? {
        switch item.requirement {
        case .file(let path): file(path)
        case .command(let line): command(line, supervisor)
        case nil: (false, "this version of orca does not know the requirement; update it")
        }
    }

    private func file(_ path: String) -> Finding {
        do throws(SystemError) {
            let found = try Paths.resolve(path, under: directory)
            if Files.isDirectory(found) {
                let isEmpty = try Files.list(found).isEmpty
                return (!isEmpty, isEmpty ? "the directory is empty" : "")
            }
            let size = Files.size(found) ?? 0
            return (size > 0, size > 0 ? "\(size) bytes" : "the file is empty")
        } catch {
            return (false, error.description)
        }
    }

    private func command(_ line: String, _ supervisor: SupervisedRun) -> Finding? {
        let command = SubprocessCommand("/bin/sh", ["-c", line], environment: environment, directory: directory)
        var tail: [UInt8] = []
        do throws(SubprocessError) {
            let end = try supervisor.run(
                command, input: .null, marker: marker, timeout: Self.commandTimeout, grace: .seconds(2), lost: lost,
                stop: stop
            ) { tail = Array((tail + $0).suffix(2000)) }
            switch end {
            case .exited(let status):
                let words = Self.lastLine(tail)
                return (status.isSuccess, status.isSuccess ? words : "\(status)\(words.isEmpty ? "" : ": \(words)")")
            case .timedOut: return (false, "it did not end within \(Self.commandTimeout.milliseconds / 1000) s")
            case .lost, .stopped: return nil
            }
        } catch {
            return (false, error.description)
        }
    }

    private static func lastLine(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return String((text.split(separator: "\n").last ?? "").filter { !$0.isASCII || ($0.asciiValue ?? 0) >= 0x20 })
    }
}

extension Sequence<OrcaV1.ContractCheck> {
    /// What did not hold, as one line; empty when everything did.
    var failures: String {
        let lines = compactMap { check -> String? in
            if check.passed { return nil }
            let name =
                switch check.item?.requirement {
                case .command(let command): "`\(command)`"
                case .file(let path): "file \(path)"
                case nil: "an unknown requirement"
                }
            return check.detail.isEmpty ? name : "\(name): \(check.detail)"
        }
        return lines.joined(separator: "; ")
    }
}

import OrcaAPI
import OrcaDomain
import OrcaEngine

/// The pages of docs/reference that are made from the code. A test holds the checked-in files against them; run it
/// with RECORD=1 (`make docs`) to write them anew.
package enum ReferencePages {
    package static let all: [(name: String, text: String)] = [
        ("state-machines.md", stateMachines), ("errors.md", errors), ("events.md", events),
        ("operations.md", operations),
    ]

    private static let notice = "<!-- Made from the code by `make docs`; do not edit. -->\n\n"

    // MARK: State machines

    private static let triggers: [(name: String, trigger: TaskTrigger)] = [
        ("conditions met", .conditionsMet), ("conditions lost", .conditionsLost), ("claimed", .claimed),
        ("attempt succeeded", .attemptSucceeded), ("late success adopted", .lateSuccessAdopted),
        ("attempt ended, attempts left", .attemptEnded(attemptsLeft: true)),
        ("attempt ended, none left", .attemptEnded(attemptsLeft: false)), ("gate opened", .gateOpened),
        ("last gate closed, conditions hold", .lastGateClosed(conditionsHold: true)),
        ("last gate closed, they do not", .lastGateClosed(conditionsHold: false)),
        ("retried, conditions hold", .retried(conditionsHold: true)),
        ("retried, they do not", .retried(conditionsHold: false)), ("canceled", .canceled),
    ]

    private static var stateMachines: String {
        var page = "# State machines\n\n" + notice + "## Task\n\n```mermaid\nstateDiagram-v2\n    [*] --> pending\n"
        page += "    [*] --> ready\n"
        for status in TaskStatus.allCases {
            for (name, trigger) in triggers {
                if case .to(let next) = status.on(trigger) {
                    page += "    \(status.rawValue) --> \(next.rawValue): \(name)\n"
                }
            }
        }
        page += "```\n\n`–` means: nothing to do. Words are the reason for which the trigger is refused.\n\n"
        page += "| trigger | " + TaskStatus.allCases.map(\.rawValue).joined(separator: " | ") + " |\n"
        page += "|---|" + String(repeating: "---|", count: TaskStatus.allCases.count) + "\n"
        for (name, trigger) in triggers {
            page += "| \(name) | " + TaskStatus.allCases.map { cell($0.on(trigger)) }.joined(separator: " | ") + " |\n"
        }
        page += """

            The manual override can set every status but `dispatched` (only a claim does that) and `blocked` (only a gate
            does). It is recorded with the actor, ends a live attempt, and kills its token.

            ## Attempt


            """
        return page + attempts
    }

    private static var attempts: String {
        let ends = Attempt.Outcome.allCases.filter { $0 != .active }
        var table = "| ends as | " + Attempt.Outcome.allCases.map(\.rawValue).joined(separator: " | ") + " |\n"
        table += "|---|" + String(repeating: "---|", count: Attempt.Outcome.allCases.count) + "\n"
        for end in ends {
            table += "| \(end.rawValue) | "
            table += Attempt.Outcome.allCases.map { cell($0.ending(end)) }.joined(separator: " | ") + " |\n"
        }
        let adopted = Attempt.Outcome.allCases.filter { $0.ending(.succeeded, adopted: true) == .to(.succeeded) }
        return table + "\nA late success can be adopted by an attempt that is "
            + adopted.map { "`\($0.rawValue)`" }.joined(separator: ", ") + ".\n"
    }

    private static func cell<State: RawRepresentable<String>>(_ answer: Transition<State>) -> String {
        switch answer {
        case .to(let next): "**\(next.rawValue)**"
        case .unchanged: "–"
        case .rejected(let why): why
        }
    }

    // MARK: Errors, events, operations

    private static var errors: String {
        var page = """
            # Errors

            \(notice)Every refusal has a stable `code`, the class it belongs to, a `message` that says what to do next, and
            `details` to act on. Transports map the class, never the code.

            | class | HTTP | exit code of `orca` | codes |
            |---|---|---|---|

            """
        for category in ErrorCategory.allCases {
            let codes = ErrorCode.allCases.filter { $0.category == category }.map { "`\($0.rawValue)`" }
            page += "| `\(category.rawValue)` | \(category.httpStatus) | \(category.exitCode) | "
            page += codes.joined(separator: ", ") + " |\n"
        }
        return page
    }

    private static var events: String {
        var page = """
            # Events

            \(notice)The change log has one gap-free sequence per workspace, in commit order. Every task event carries
            `ref`, `status`, `version`, `token`, `failures` and `holder`, so that replaying the log rebuilds where all tasks
            stand. Renewals of leases and heartbeats are state, not news: they are not logged.

            | type | entity |
            |---|---|

            """
        for type in EventType.allCases { page += "| `\(type.rawValue)` | \(type.entityKind) |\n" }
        return page
    }

    private static var operations: String {
        var page = """
            # Operations

            \(notice)From `proto/orca/v1`. Shapes of requests and answers: `openapi.json` beside this page, or
            `GET /openapi.json` of a running server.

            | operation | what it does | routes |
            |---|---|---|

            """
        for operation in Operations.all.sorted(by: { $0.name < $1.name }) {
            let routes = operation.routes.map { "`\($0.method.rawValue) \($0.template)`" }.joined(separator: "<br>")
            page += "| `\(operation.name)` | \(operation.summary) | \(routes) |\n"
        }
        return page
    }
}

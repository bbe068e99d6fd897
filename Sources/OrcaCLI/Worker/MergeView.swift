import OrcaAPI
import OrcaGit
import OrcaSupport
import OrcaWorker

/// A merge for people and programs.
enum MergeView {
    static func table(_ summary: MergeSummary, _ call: Invocation) -> String {
        var table = Table([.fixed("TASK"), .flexible("TITLE"), .flexible("BRANCH"), .flexible("MERGE")])
        for row in summary.rows {
            let (words, tone) = describe(row.outcome)
            table.add([.init(row.task.ref, .strong), .init(row.task.title), .init(row.task.branch), .init(words, tone)])
        }
        return (table.isEmpty ? "" : call.text(table)) + "\(summary.branch) is at \(short(summary.after.text))\n"
    }

    static func describe(_ outcome: MergeRow.Outcome) -> (String, Tone) {
        switch outcome {
        case .merged: ("merged", .good)
        case .alreadyMerged: ("merged before", .good)
        case .conflict(let files, let with, let resolution):
            (
                "conflict in \(files.joined(separator: ", "))"
                    + (with.isEmpty ? "" : " with \(with.joined(separator: ", "))")
                    + (resolution.isEmpty ? "" : "; resolved by \(resolution)"), .bad
            )
        case .waitsFor(let ref): ("waits for the merge of \(ref)", .warning)
        case .nothingToMerge: ("nothing to merge", .faint)
        case .missing: ("its commit is not in this repository", .bad)
        }
    }

    static func json(_ summary: MergeSummary) -> JSONValue {
        .object([
            .init("branch", .string(summary.branch)), .init("commit", .string(summary.after.text)),
            .init("isComplete", .bool(summary.isComplete)),
            .init("tasks", .array(summary.rows.map { row(($0.task.ref, $0.outcome)) })),
        ])
    }

    private static func row(_ row: (ref: String, outcome: MergeRow.Outcome)) -> JSONValue {
        var members: [JSONValue.Member] = [.init("task", .string(row.ref))]
        func texts(_ words: [String]) -> JSONValue { .array(words.map { .string($0) }) }
        switch row.outcome {
        case .merged(let commit): members += [.init("merge", .string("merged")), .init("commit", .string(commit.text))]
        case .alreadyMerged: members.append(.init("merge", .string("already_merged")))
        case .conflict(let files, let with, let resolution):
            members += [
                .init("merge", .string("conflict")), .init("files", texts(files)), .init("with", texts(with)),
                .init("resolution", .string(resolution)),
            ]
        case .waitsFor(let ref): members += [.init("merge", .string("waits")), .init("for", .string(ref))]
        case .nothingToMerge: members.append(.init("merge", .string("nothing")))
        case .missing: members.append(.init("merge", .string("missing")))
        }
        return .object(members)
    }

    private static func short(_ commit: String) -> String { String(commit.prefix(12)) }
}

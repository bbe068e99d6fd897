package import OrcaSupport

/// What became of a script.
package struct ScriptReport: Sendable, Hashable {
    /// One thing a script asked Orca for.
    package struct Call: Sendable, Hashable {
        /// From 1, in the order they came.
        package var number: Int
        package var method: String
        package var milliseconds: Int64 = 0
        /// Empty when it succeeded.
        package var errorCode = ""
        package var hasEffect: Bool
        package var isDone = false
        /// It was a part of a dry run, or of a transaction that was not committed.
        package var isUndone = false
    }

    package struct LogLine: Sendable, Hashable {
        package var level: String
        package var text: String
    }

    /// Something only the user can say.
    package struct Question: Sendable, Hashable {
        package var text: String
        /// What one may choose from; empty means any text.
        package var options: [String]

        package init(text: String, options: [String]) {
            self.text = text
            self.options = options
        }
    }

    package var value = JSONValue.null
    /// The beginning of a value that was too long to give whole, as JSON text; empty otherwise.
    package var cutValue = ""
    package var logs: [LogLine] = []
    package var calls: [Call] = []
    package var error: ScriptError?
    /// Something was left out: log lines, or the end of the value.
    package var isTruncated = false
    /// Nothing was changed: the calls that have effects are what would be done.
    package var isDryRun = false
    /// Parts of the lockdown that were in force.
    package var lockdown: [String] = []
    package var milliseconds: Int64 = 0

    /// What it waits for, as one that came to no end.
    package var question: Question?

    package var isOK: Bool { error == nil && question == nil }
    /// Calls that changed something, or may have.
    package var effects: [Call] { calls.filter { $0.hasEffect && $0.errorCode.isEmpty && !$0.isUndone } }

    package init() {}
}

/// What a script may use up.
package enum ScriptLimits {
    package static let codeBytesMax = 1 << 20
    package static let timeoutMSMax: Int64 = 30_000
    package static let memoryBytesMax: Int64 = 256 << 20
    package static let callsMax = 1_000
    package static let callsAtOnceMax = 64
    /// What `listAll` answers with at most.
    package static let rowsMax = 10_000
    static let rowBytesMax = 12 << 20
    /// How many `listAll` may be open at once: each may hold that many bytes.
    package static let listsAtOnceMax = 4
    package static let questionBytesMax = 4 << 10
    package static let optionsMax = 50
    package static let questionsMax = 20
    static let pageRows: Int64 = 500
    static let pagesMax = 1_000
    static let lineBytesMax = 4 << 20
    static let outputBytesMax = 16 << 20
    static let logLinesMax = 500
    static let logBytesMax = 64 << 10
    /// How often the memory of a script's process is looked at.
    static let lookEvery = Duration.milliseconds(50)
    /// How long a process has to get ready.
    static let readyWithin = Duration.seconds(10)
}

import Glibc

/// Runs a program to its end and returns what it wrote. For short ones; `SupervisedProcess` is for long ones.
package enum Subprocess {
    /// What becomes of standard output or standard error.
    package enum Output: Sendable, Hashable {
        case null
        case inherit
        /// The first `limit` bytes are kept, the rest is read and dropped.
        case capture(limit: Int)
        /// Appended to a file.
        case file(path: String)
        /// Standard error goes where standard output goes.
        case merged
    }

    package struct Result: Sendable, Hashable {
        package let status: ExitStatus
        package let output: [UInt8]
        package let error: [UInt8]
        /// One of the two was longer than its limit.
        package let isTruncated: Bool

        package var outputText: String { String(decoding: output, as: UTF8.self) }
        package var errorText: String { String(decoding: error, as: UTF8.self) }
    }

    /// Bytes kept of each stream unless the caller says otherwise.
    package static let captureLimit = 16 << 20

    /// Starts the command and waits for it. After `timeout` its tree is ended and `timedOut` thrown.
    /// Any exit status is a result, not an error.
    package static func run(
        _ command: SubprocessCommand, input: SubprocessInput = .null, output: Output = .capture(limit: captureLimit),
        error: Output = .capture(limit: captureLimit), timeout: Duration? = nil
    ) throws(SubprocessError) -> Result {
        var command = command
        let marker = ProcessTree.newMarker()
        if timeout != nil { command.environment[ProcessTree.markerName] = marker }
        var out = try Sink(output, inherited: 1)
        var err = error == .merged ? nil : try Sink(error, inherited: 2)
        let source = try ChildStreams.open(input)
        let child = try ChildProcess.spawn(
            command, input: source?.raw ?? 0, output: out.target, error: err?.target ?? out.target)
        out.closeTarget()
        err?.closeTarget()

        let deadline = timeout.map(Deadline.after) ?? .never
        while child.status == nil {
            let ready = Poll.readable(
                [child.descriptor, out.pipe.descriptor, err?.pipe.descriptor ?? -1], until: deadline)
            if ready.isEmpty, let timeout {
                ProcessTree(root: child.pid, marker: "\(ProcessTree.markerName)=\(marker)").kill(
                    grace: .milliseconds(500))
                child.reap()
                throw .timedOut(command: command.executable, limit: timeout)
            }
            if ready.contains(1) { try out.read() }
            if ready.contains(2) { try err?.read() }
        }
        try out.drain()
        try err?.drain()
        return Result(
            status: child.reap(), output: out.kept, error: err?.kept ?? [],
            isTruncated: out.isTruncated || err?.isTruncated == true)
    }

    /// One stream of the child: where it writes, and what we keep of it.
    private struct Sink {
        private(set) var pipe = OutputPipe(nil)
        private(set) var kept: [UInt8] = []
        private(set) var isTruncated = false
        private var file: OwnedDescriptor?
        private let inherited: Int32
        private var limit = 0

        init(_ output: Output, inherited: Int32) throws(SubprocessError) {
            self.inherited = inherited
            switch output {
            case .null: file = try ChildStreams.null()
            case .inherit, .merged: file = nil
            case .file(let path): file = try ChildStreams.append(path)
            case .capture(let limit):
                let ends = try ChildStreams.pipe()
                pipe = OutputPipe(ends.reader)
                file = ends.writer
                self.limit = limit
            }
        }

        /// What the child is given.
        var target: Int32 { file?.raw ?? inherited }

        /// Our copy of the child's end; while it is open the pipe has no end.
        mutating func closeTarget() { file = nil }

        mutating func read() throws(SubprocessError) {
            var part: [UInt8] = []
            _ = try pipe.readAvailable { part = $0 }
            keep(part)
        }

        mutating func drain() throws(SubprocessError) {
            var rest: [UInt8] = []
            try pipe.drain { rest += $0 }
            keep(rest)
        }

        private mutating func keep(_ bytes: [UInt8]) {
            let room = max(0, limit - kept.count)
            kept += bytes.prefix(room)
            if bytes.count > room { isTruncated = true }
        }
    }
}

extension ProcessTree {
    /// A value for `markerName` that no other tree has.
    package static func newMarker() -> String {
        var generator = SystemRandomNumberGenerator()
        func hex(_ value: UInt64) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return hex(generator.next()) + hex(generator.next())
    }
}

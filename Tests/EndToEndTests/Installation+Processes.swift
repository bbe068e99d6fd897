import OrcaConnect
import OrcaSupport
import OrcaTestKit
import Testing

/// What a program said and how it ended.
typealias Answer = Subprocess.Result

extension Subprocess.Result {
    var code: Int32 { status.shellCode }
}

extension Installation {
    var places: Places { Places(environment: environment, userID: 0) }

    /// Runs `orca` and answers how it ended, whatever that was.
    func answer(
        _ arguments: [String], input: SubprocessInput = .null, with variables: [String: String] = [:]
    ) throws -> Answer {
        var command = command("orca", arguments)
        command.environment.merge(variables) { _, new in new }
        return try Subprocess.run(command, input: input, timeout: .seconds(120))
    }

    /// Expects one clear error: the exit code, one message on standard error with these words, nothing on standard output.
    func expectRefusal(
        _ arguments: [String], code: Int32, _ words: String..., with variables: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let answer = try answer(arguments, with: variables)
        let errors = answer.errorText.split(separator: "\n").filter { $0.hasPrefix("error:") }
        #expect(answer.code == code, "orca \(arguments): \(answer)", sourceLocation: sourceLocation)
        #expect(errors.count == 1, "orca \(arguments): \(answer.errorText)", sourceLocation: sourceLocation)
        #expect(answer.output.isEmpty, "orca \(arguments): \(answer.outputText)", sourceLocation: sourceLocation)
        for word in words {
            #expect(
                answer.errorText.contains(word), "'\(word)' is not in: \(answer.errorText)",
                sourceLocation: sourceLocation)
        }
    }

    /// Runs a command as often as asked, all at the same moment, each from a thread of its own.
    func together(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Answer) throws -> [Answer] {
        let gate = StopSignal()
        let answers = Results()
        let threads = try (0..<count).map { index in
            try ManagedThread("client-\(index)") {
                gate.wait()
                do { answers.add(try body(index)) } catch { Issue.record("client \(index): \(error)") }
            }
        }
        gate.raise()
        for thread in threads { thread.join() }
        return answers.all
    }

    /// Starts a server by hand and waits until it says that it listens.
    func startServer(_ arguments: String..., under wrapper: [String] = []) throws -> SupervisedProcess {
        try startServer(arguments, under: wrapper)
    }

    func startServer(_ arguments: [String], under wrapper: [String] = []) throws -> SupervisedProcess {
        let words = wrapper + [programs + "/orcad", "serve"] + arguments
        let server = try SupervisedProcess(command(words[0], Array(words.dropFirst())))
        var said = ""
        while !said.contains("listens on") {
            let pause = try server.follow(until: .after(.milliseconds(50))) {
                said += String(decoding: $0, as: UTF8.self)
            }
            if case .exited(let status) = pause {
                server.end()
                throw ServerEnded(status: status, said: said)
            }
        }
        return server
    }

    struct ServerEnded: Error {
        let status: OrcaSupport.ExitStatus
        let said: String
    }

    /// Waits until something is so; false when it was not in time.
    func eventually(within limit: Duration = .seconds(20), _ isSo: () throws -> Bool) rethrows -> Bool {
        let deadline = Deadline.after(limit)
        while true {
            if try isSo() { return true }
            if deadline.hasPassed { return false }
            _ = Poll.readable([], until: .after(.milliseconds(20)))
        }
    }
}

import OrcaAPI
import OrcaConnect
import OrcaGit
import OrcaSupport
import OrcaTestKit
import OrcaWorker
import Synchronization
import Testing

/// A repository with one commit, a state directory and a server: all that a pool of workers needs.
final class Workshop: Sendable {
    let folder = TemporaryDirectory("worker")
    let server = FakeServer()
    let environment: [String: String]
    let stop = StopSignal()
    let events = Mutex<[WorkEvent]>([])
    private let heard = Wakeup()

    init(identity: Bool = true) throws {
        environment = [
            "PATH": "/usr/bin:/bin", "HOME": folder.path, "GIT_CONFIG_GLOBAL": folder.path("gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
        ]
        let person = identity ? "[user]\n\tname = Test Person\n\temail = person@example.com\n" : ""
        try folder.file("gitconfig", person + "[init]\n\tdefaultBranch = main\n")
        try folder.file("repo/a.txt", "1\n2\n3\n")
        try git("init", "--quiet")
        try git("add", "--all")
        try git("-c", "user.name=T", "-c", "user.email=t@t", "commit", "--quiet", "-m", "first")
    }

    var root: String { folder.path("repo") }
    var state: String { folder.path("state") }

    func repository() throws -> GitRepository {
        try GitRepository.open(root, runner: GitRunner(environment: environment))
    }

    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let result = try Subprocess.run(
            SubprocessCommand("git", arguments, environment: environment, directory: root))
        #expect(result.status.isSuccess, "git \(arguments): \(result.errorText)")
        return String(result.outputText.dropLast(result.outputText.hasSuffix("\n") ? 1 : 0))
    }

    func options(_ script: String, agents: Int = 1) -> WorkOptions {
        var options = WorkOptions(
            repository: root, command: ["/bin/sh", "-c", script], agentPrefix: "w", environment: environment,
            stateDirectory: state, host: "here")
        options.project = "T"
        options.agents = agents
        options.untilEmpty = true
        options.grace = .milliseconds(300)
        return options
    }

    /// Works until nothing is left.
    @discardableResult
    func work(_ script: String, agents: Int = 1, _ change: (inout WorkOptions) -> Void = { _ in }) throws -> WorkSummary
    {
        var options = options(script, agents: agents)
        change(&options)
        return try WorkerPool(options, client: server, observer: observe).run(stop: stop)
    }

    /// Works on a thread of its own.
    func start(_ options: WorkOptions) throws -> Running {
        let pool = try WorkerPool(options, client: server, observer: observe)
        return try Running(pool, stop)
    }

    func observe(_ event: WorkEvent) {
        events.withLock { $0.append(event) }
        heard.ring()
    }

    /// Waits for an event that fits, at most half a minute.
    func await(_ fits: (WorkEvent) -> Bool) -> Bool {
        let deadline = Deadline.after(.seconds(30))
        while true {
            if events.withLock({ $0 }).contains(where: fits) { return true }
            if !heard.hear(until: deadline) { return false }
        }
    }

    /// Waits until a file is there, at most half a minute.
    func awaitFile(_ path: String) -> Bool {
        let deadline = Deadline.after(.seconds(30))
        while Files.kind(path) == nil {
            if deadline.hasPassed { return false }
            _ = Poll.readable([], until: .after(.milliseconds(5)))
        }
        return true
    }

    final class Running: Sendable {
        private let thread: ManagedThread
        private let result: Box

        private final class Box: Sendable {
            let summary = Mutex<WorkSummary?>(nil)
        }

        init(_ pool: WorkerPool, _ stop: StopSignal) throws {
            let box = Box()
            result = box
            thread = try ManagedThread("pool") {
                let summary = pool.run(stop: stop)
                box.summary.withLock { $0 = summary }
            }
        }

        func wait() -> WorkSummary {
            thread.join()
            return result.summary.withLock { $0 } ?? WorkSummary()
        }
    }
}

extension WorkEvent {
    var isCommandStarted: Bool {
        if case .commandStarted = self { true } else { false }
    }
}

func contract(command: String) -> OrcaV1.ContractItem {
    var item = OrcaV1.ContractItem()
    item.requirement = .command(command)
    return item
}

func contract(file: String) -> OrcaV1.ContractItem {
    var item = OrcaV1.ContractItem()
    item.requirement = .file(file)
    return item
}

import CLinux
import Glibc
import Synchronization

/// A child of this process, followed through its pidfd, so that its number is never confused with another's.
///
/// It leads a session of its own unless its command keeps the terminal. It stays a zombie until `reap`; until then its pid cannot be taken by anybody else.
package final class ChildProcess: Sendable {
    package let pid: Int32
    private let pidfd: OwnedDescriptor
    private let reaped: Mutex<ExitStatus?>

    /// Starts a program with the three descriptors as its standard ones and no others.
    package static func spawn(
        _ command: SubprocessCommand, input: Int32, output: Int32, error: Int32
    ) throws(SubprocessError) -> ChildProcess {
        try command.checkDirectory()
        let executable = try command.resolveExecutable()
        var attributes = posix_spawnattr_t()
        var failure =
            command.keepsTerminal
            ? orca_spawnattr_clean_same_session(&attributes) : orca_spawnattr_clean_session(&attributes)
        guard failure == 0 else { throw .system(SystemError(failure, "prepare to start", executable)) }
        defer { posix_spawnattr_destroy(&attributes) }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let moved = try StandardDescriptors(input: input, output: output, error: error)
        failure = moved.add(to: &actions)
        if failure == 0 { failure = orca_spawn_addclosefrom(&actions, 3) }
        if failure == 0, let directory = command.directory { failure = orca_spawn_addchdir(&actions, directory) }
        guard failure == 0 else { throw .system(SystemError(failure, "prepare to start", executable)) }

        var pid: pid_t = 0
        failure = CStrings.with([command.executable] + command.arguments) { argv in
            CStrings.with(command.environment.map { $0.key + "=" + $0.value }) { envp in
                var error = posix_spawn(&pid, executable, &actions, &attributes, argv, envp)
                // A file that was just written is busy while a fork elsewhere still holds the writer's descriptor.
                for _ in 0..<busyRetries where error == ETXTBSY {
                    _ = Poll.readable([], until: .after(.milliseconds(5)))
                    error = posix_spawn(&pid, executable, &actions, &attributes, argv, envp)
                }
                return error
            }
        }
        withExtendedLifetime(moved) {}
        guard failure == 0 else { throw .system(SystemError(failure, "start", executable)) }
        return try ChildProcess(adopting: pid)
    }

    private static let busyRetries = 40

    private init(adopting pid: Int32) throws(SubprocessError) {
        let raw = orca_pidfd_open(pid)
        guard raw >= 0 else {
            let error = SystemError.last("follow process", String(pid))
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw .system(error)
        }
        self.pid = pid
        pidfd = OwnedDescriptor(raw)
        reaped = Mutex(nil)
    }

    deinit {
        // A child that has ended must not stay a zombie; one that still runs goes on without us.
        var signaled: Int32 = 0
        var value: Int32 = 0
        if reaped.withLock({ $0 == nil }) { _ = orca_wait_pidfd(pidfd.raw, 1, &signaled, &value) }
    }

    /// Readable from the moment the child has exited.
    package var descriptor: Int32 { pidfd.raw }

    /// How the child ended; `nil` while it runs. Leaves it a zombie.
    package var status: ExitStatus? { look(reap: false) }

    /// Waits for the child's end; false when the deadline passed first.
    package func waitForExit(until deadline: Deadline = .never) -> Bool {
        status != nil || !Poll.readable([pidfd.raw], until: deadline).isEmpty
    }

    /// Waits for the child's end and frees its number. May be called again.
    @discardableResult
    package func reap() -> ExitStatus {
        while true {
            if let status = look(reap: true) { return status }
            _ = Poll.readable([pidfd.raw], until: .never)
        }
    }

    /// Sends a signal to the child alone; nothing happens when it has ended.
    package func signal(_ number: Int32) {
        _ = orca_pidfd_send_signal(pidfd.raw, number)
    }

    private func look(reap: Bool) -> ExitStatus? {
        reaped.withLock { reaped in
            if let reaped { return reaped }
            var signaled: Int32 = 0
            var value: Int32 = 0
            let found = orca_wait_pidfd(pidfd.raw, reap ? 1 : 0, &signaled, &value)
            precondition(found >= 0, "somebody else reaped child \(pid)")
            guard found == 1 else { return nil }
            let status: ExitStatus = signaled != 0 ? .signaled(value) : .exited(code: value)
            if reap { reaped = status }
            return status
        }
    }
}

/// The three descriptors a child is started with, kept clear of the numbers they will be moved to.
private struct StandardDescriptors {
    private let sources: [Int32]
    /// Copies of sources that were themselves below 3 and could be overwritten before they are used.
    private let copies: [OwnedDescriptor]

    init(input: Int32, output: Int32, error: Int32) throws(SubprocessError) {
        var sources = [input, output, error]
        var copies: [OwnedDescriptor] = []
        for position in sources.indices where sources[position] < 3 && sources[position] != position {
            let copy = fcntl(sources[position], F_DUPFD_CLOEXEC, 3)
            guard copy >= 0 else { throw .system(.last("copy descriptor", String(sources[position]))) }
            copies.append(OwnedDescriptor(copy))
            sources[position] = copy
        }
        self.sources = sources
        self.copies = copies
    }

    func add(to actions: inout posix_spawn_file_actions_t) -> Int32 {
        for (position, source) in sources.enumerated() {
            // A descriptor moved to itself has its close-on-exec flag cleared: that is what we want.
            let error = posix_spawn_file_actions_adddup2(&actions, source, Int32(position))
            if error != 0 { return error }
        }
        return 0
    }
}

/// Strings as a NULL-terminated vector of C strings.
enum CStrings {
    static func with<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
        let pointers = strings.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        return body(pointers)
    }
}

import CLinux
import Glibc
import OrcaAPI
import OrcaDomain
import OrcaSupport

/// A program that outlives the one that starts it.
enum DetachedProcess {
    /// Starts it in a session of its own, in `/`, with default signals, standard input from nowhere, output and errors
    /// appended to `log`, and `descriptors` as those from 3 on. Nothing else is passed on. Returns its pid.
    static func spawn(
        _ program: String, _ arguments: [String], environment: [String: String], descriptors: [Int32], log: String
    ) throws(APIError) -> Int32 {
        let files: (null: OwnedDescriptor, log: OwnedDescriptor)
        var passed: [OwnedDescriptor] = []
        do throws(SystemError) {
            files.null = try OwnedDescriptor.open("/dev/null", O_RDWR)
            files.log = try OwnedDescriptor.open(log, O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
            // Moved out of the way of the numbers that the child gets.
            for descriptor in descriptors {
                let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 20)
                guard copy >= 0 else { throw .last("copy a descriptor") }
                passed.append(OwnedDescriptor(copy))
            }
        } catch {
            throw APIError(
                "server_not_started", .unavailable, "Cannot start \(program): \(error.description). Check $ORCA_HOME.")
        }
        var attributes = posix_spawnattr_t()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var failure = orca_spawnattr_clean_session(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        let sources = [files.null, files.log, files.log] + passed
        for (target, source) in sources.map(\.raw).enumerated() where failure == 0 {
            failure = posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
        }
        if failure == 0 { failure = orca_spawn_addclosefrom(&actions, Int32(sources.count)) }
        if failure == 0 { failure = orca_spawn_addchdir(&actions, "/") }
        var pid: pid_t = 0
        if failure == 0 {
            failure = withCStrings([program] + arguments) { argv in
                withCStrings(environment.map { $0.key + "=" + $0.value }) { envp in
                    posix_spawn(&pid, program, &actions, &attributes, argv, envp)
                }
            }
        }
        withExtendedLifetime(sources) {}
        guard failure == 0 else {
            throw APIError(
                "server_not_started", .unavailable,
                "Cannot start \(program): \(SystemError(failure, "").reason). Check that it is the right program for this machine."
            )
        }
        return pid
    }

    private static func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
        let pointers = strings.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        return body(pointers)
    }
}

import CLinux
import Glibc
import OrcaAPI
import OrcaDomain
import OrcaSupport

/// Starts the user's server, one at a time however many clients want it.
struct ServerStarter {
    let options: ConnectOptions
    /// What the server is told besides the usual.
    var arguments = ["--auto-started"]
    /// What it gets as descriptors from 4 on.
    var descriptors: [Int32] = []

    init(options: ConnectOptions) { self.options = options }

    private var places: Places { options.places }

    /// Returns when a server listens. Whoever comes second waits for the first one's lock and finds its server.
    func start(isListening: () -> Bool) throws(APIError) {
        try PrivateDirectory.make(places.runDirectory)
        try PrivateDirectory.make(places.stateDirectory)
        let lock: FileLock
        do {
            lock = try FileLock(places.startLock)
        } catch {
            throw failure("Cannot lock \(places.startLock): \(error.reason).", "Check the directory's owner and mode.")
        }
        defer { lock.unlock() }
        if isListening() { return }
        let deadline = Deadline.after(options.startPatience)
        if ServerLock.isHeld(places.serverLock) {
            try awaitOther(isListening, deadline)
        } else {
            try launch(deadline)
        }
    }

    /// A server lives but does not listen yet, or no longer.
    private func awaitOther(_ isListening: () -> Bool, _ deadline: Deadline) throws(APIError) {
        let pid = ServerLock.read(places.serverLock)?.pid ?? 0
        while ServerLock.isHeld(places.serverLock) {
            if isListening() { return }
            if deadline.hasPassed {
                throw failure(
                    "orcad (pid \(pid)) holds \(places.serverLock) but does not listen on \(places.socket).",
                    "Look at 'orca logs'; if it hangs, end it with 'kill \(pid)'.")
            }
            // The directory has no event for "someone listens"; the other process does not know about us.
            poll(nil, 0, 10)
        }
        try launch(deadline)
    }

    private func launch(_ deadline: Deadline) throws(APIError) {
        let program = try ServerProgram.find(options)
        let logged = Files.size(places.log) ?? 0
        var ends: [Int32] = [-1, -1]
        guard orca_pipe(&ends) == 0 else { throw failure("No pipe: \(SystemError.last("").reason).", "Try again.") }
        let reader = OwnedDescriptor(ends[0])
        var writer: OwnedDescriptor? = OwnedDescriptor(ends[1])
        let process = try DetachedProcess.spawn(
            program, ["serve", "--ready-fd", "3"] + arguments, environment: serverEnvironment,
            descriptors: [ends[1]] + descriptors, log: places.log)
        writer = nil
        _ = writer
        let ready = Poll.readable([reader.raw], until: deadline)
        var byte: UInt8 = 0
        if !ready.isEmpty, read(reader.raw, &byte, 1) == 1 { return }
        if ready.isEmpty {
            throw failure(
                "\(program) was started (pid \(process)) but did not say that it listens.",
                "Look at 'orca logs', then try again.")
        }
        throw failure(
            "\(program) ended before it listened.\(lastWords(since: logged))", "See 'orca logs' and 'orca doctor'.")
    }

    /// A server that a terminal's program started is not part of that terminal: it must not end with it.
    private var serverEnvironment: [String: String] {
        let ofTerminal: Set<String> = [
            "ORCA_TERMINAL_HANDLE", "ORCA_TREE", "ORCA_PANE_KEY", "ORCA_TAB_ID", "ORCA_WORKTREE_ID", "ORCA_TOKEN_FILE",
            "ORCA_TOKEN", "ORCA_AGENT_URL", "ORCA_WORKSPACE", "ORCA_CONTEXT",
        ]
        return options.environment.filter { !ofTerminal.contains($0.key) }
    }

    /// What the server said about its end, for the error message: the log from a byte on, without its regular lines.
    private func lastWords(since start: Int) -> String {
        // Without a log there are no last words; the message says where to look anyway.
        guard let bytes = try? Files.read(places.log, limit: 64 << 20), bytes.count > start else { return "" }
        let lines = String(decoding: bytes[start...].suffix(2000), as: UTF8.self).split(separator: "\n")
        let words = lines.filter { !$0.hasPrefix("{") }.suffix(3)
        return words.isEmpty ? "" : " It said: " + words.joined(separator: " ")
    }

    private func failure(_ what: String, _ next: String) -> APIError {
        APIError("server_not_started", .unavailable, "\(what) \(next)")
    }
}

import Glibc

/// A program to start: an argument vector, never a shell line, with an environment that is given in full.
package struct SubprocessCommand: Sendable, Hashable {
    /// Name looked up on the environment's `PATH`, or a path when it has a slash.
    package var executable: String
    /// Arguments after the program's own name.
    package var arguments: [String]
    package var environment: [String: String]
    /// Working directory; `nil` for ours.
    package var directory: String?
    /// It stays in our session, with our terminal: for programs that a person types into.
    package var keepsTerminal = false

    package init(
        _ executable: String, _ arguments: [String] = [], environment: [String: String] = ProcessEnvironment.current,
        directory: String? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
    }

    /// Looks whether the command could be started.
    package func check() throws(SubprocessError) {
        try checkDirectory()
        _ = try resolveExecutable()
    }

    /// The file that will run. Throws when there is none or it may not be executed.
    func resolveExecutable() throws(SubprocessError) -> String {
        if executable.contains("/") {
            let absolute = executable.hasPrefix("/") ? executable : (directory.map { $0 + "/" } ?? "") + executable
            if access(absolute, X_OK) == 0, !isDirectory(absolute) { return executable }
            if access(absolute, F_OK) == 0 { throw .notExecutable(path: executable) }
            throw .executableNotFound(name: executable, searched: "")
        }
        let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        var unusable: String?
        for folder in path.split(separator: ":") where !executable.isEmpty {
            let candidate = folder + "/" + executable
            if access(candidate, F_OK) != 0 || isDirectory(candidate) { continue }
            if access(candidate, X_OK) == 0 { return candidate }
            unusable = candidate
        }
        if let unusable { throw .notExecutable(path: unusable) }
        throw .executableNotFound(name: executable, searched: path)
    }

    func checkDirectory() throws(SubprocessError) {
        guard let directory, !isDirectory(directory) else { return }
        throw .directoryNotFound(path: directory)
    }

    private func isDirectory(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }
}

/// Where a child's standard input comes from.
package enum SubprocessInput: Sendable, Hashable {
    case null
    /// Handed over as an unnamed file: nobody has to feed a pipe.
    case bytes([UInt8])
    case file(path: String)
    case inherit
}

/// How a child ended.
package enum ExitStatus: Sendable, Hashable, CustomStringConvertible {
    case exited(code: Int32)
    case signaled(Int32)

    package var isSuccess: Bool { self == .exited(code: 0) }

    /// The code a shell would show: the exit code, or 128 plus the signal.
    package var shellCode: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }

    package var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal): "signal \(signal)"
        }
    }
}

/// Why a child could not be started or did not end as hoped.
package enum SubprocessError: Error, Sendable, Hashable, CustomStringConvertible {
    /// `searched` is the `PATH` that was looked through; empty when the name was a path.
    case executableNotFound(name: String, searched: String)
    case notExecutable(path: String)
    case directoryNotFound(path: String)
    /// It ran longer than it may; its process tree was ended.
    case timedOut(command: String, limit: Duration)
    case system(SystemError)

    package var description: String {
        switch self {
        case .executableNotFound(let name, let searched):
            searched.isEmpty
                ? "there is no program \(name); check the path"
                : "there is no program \(name) on PATH (\(searched)); install it or give its full path"
        case .notExecutable(let path): "\(path) may not be executed; run `chmod +x` on it or give the right program"
        case .directoryNotFound(let path): "there is no directory \(path) to run the command in"
        case .timedOut(let command, let limit): "\(command) did not end within \(limit.milliseconds) ms and was stopped"
        case .system(let error): error.description
        }
    }
}

/// The environment of this process.
package enum ProcessEnvironment {
    /// Read once, at first use: the C library's table is not safe against threads that change it.
    package static let current: [String: String] = {
        var result: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            if let split = line.firstIndex(of: "=") {
                result[String(line[..<split])] = String(line[line.index(after: split)...])
            }
            entry += 1
        }
        return result
    }()
}

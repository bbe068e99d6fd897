import Glibc
package import OrcaSupport

/// The directory of one attempt on this machine: who owns it, the token, the worktree.
///
///     <state>/work/<attempt id>/owner      who works there, for whoever finds it abandoned
///     <state>/work/<attempt id>/token      the fencing token, readable by its owner only
///     <state>/work/<attempt id>/tree       the git worktree
///     <state>/transcripts/<attempt id>.log what the command wrote
package struct AttemptDirectory: Sendable, Hashable {
    /// What an abandoned attempt can be recognised and cleaned up by.
    package struct Owner: Sendable, Hashable {
        package var process: ProcessEntry.Identity
        /// Changes with every boot, after which process numbers mean nothing.
        package var boot: String
        package var repository: String
        package var ref: String
        /// Value of `ORCA_TREE` of its processes.
        package var marker: String

        package init(
            process: ProcessEntry.Identity, boot: String, repository: String, ref: String, marker: String
        ) {
            self.process = process
            self.boot = boot
            self.repository = repository
            self.ref = ref
            self.marker = marker
        }

        package var isAlive: Bool { boot == AttemptDirectory.bootID && process.isAlive }

        var bytes: [UInt8] {
            let fields = [String(process.pid), String(process.startTime), boot, repository, ref, marker]
            return Array(fields.joined(separator: "\0").utf8)
        }

        init?(_ text: String) {
            let fields = text.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 6, let pid = Int32(fields[0]), let start = UInt64(fields[1]) else { return nil }
            self.init(
                process: .init(pid: pid, startTime: start), boot: fields[2], repository: fields[3], ref: fields[4],
                marker: fields[5])
        }
    }

    package let path: String

    package init(state: String, attempt: String) {
        path = Self.root(state) + "/" + attempt
    }

    package static func root(_ state: String) -> String { state + "/work" }

    package var tree: String { path + "/tree" }
    package var tokenFile: String { path + "/token" }
    /// The command may write the paths it made here, one a line.
    package var artifactsFile: String { path + "/artifacts" }
    /// The command may write its result here.
    package var resultFile: String { path + "/result" }

    /// Makes the directory and writes who owns it, before there is anything to clean up.
    package func create(_ owner: Owner, token: Int64) throws(SystemError) {
        try Files.makeDirectories(path, mode: 0o700)
        try Files.write(owner.bytes, to: path + "/owner", mode: 0o600)
        try Files.write("\(token)\n", to: tokenFile, mode: 0o600)
    }

    package func owner() -> Owner? {
        // A directory without a readable owner is not one of ours, or was never finished.
        (try? Files.readText(path + "/owner", limit: 64 << 10)).flatMap(Owner.init)
    }

    package func remove() throws(SystemError) { try Files.removeTree(path) }

    package static let bootID: String = {
        // Without the file every boot looks the same, and process numbers with start times have to do.
        let text = (try? Files.readText("/proc/sys/kernel/random/boot_id", limit: 100)) ?? ""
        return text.filter { $0.isHexDigit || $0 == "-" }
    }()

    /// This process, as an owner.
    package static var ourselves: ProcessEntry.Identity {
        let pid = getpid()
        return ProcessTable.entry(pid)?.identity ?? .init(pid: pid, startTime: 0)
    }
}

import Glibc
import OrcaSupport

/// One file of somebody's configuration: read whole, replaced in one step, its link and permissions kept.
struct ConfigFile {
    /// Where it stands; where its link leads to, if it is one.
    let path: String
    /// `nil` when there is no file.
    let bytes: [UInt8]?
    let mode: UInt32

    /// Bytes of a configuration that is looked into.
    static let bytesMax = 4 << 20

    init(_ path: String) throws(AgentError) {
        do throws(SystemError) {
            switch Files.kind(path) {
            case nil:
                (self.path, bytes, mode) = (path, nil, 0o644)
                return
            case .file: self.path = path
            case .link: self.path = try Paths.resolved(path)
            case .directory, .socket, .other: throw SystemError(EISDIR, "read", path)
            }
            guard Files.kind(self.path) == .file else { throw SystemError(EISDIR, "read", path) }
            bytes = try Files.read(self.path, limit: Self.bytesMax)
            mode = Files.mode(self.path) ?? 0o644
        } catch {
            throw Self.unusable(error)
        }
    }

    /// Writes new bytes unless somebody else wrote meanwhile. Answers the directories that had to be made.
    @discardableResult
    func replace(with new: [UInt8]) throws(AgentError) -> [String] {
        let now = try ConfigFile(path)
        guard now.bytes == bytes else {
            throw AgentError(
                .fileUnusable, "\(path) was changed by somebody else at this moment. Run the command again.")
        }
        do throws(SystemError) {
            let made = Self.missingFolders(of: path)
            try Files.makeDirectories(Files.split(path).folder)
            try Files.write(new, to: path, mode: mode)
            return made
        } catch {
            throw Self.unusable(error)
        }
    }

    func remove(_ folders: [String]) throws(AgentError) {
        do { try Files.removeTree(path) } catch { throw Self.unusable(error) }
        // Folders that others use by now stay.
        for folder in folders { _ = rmdir(folder) }
    }

    /// The innermost first.
    private static func missingFolders(of path: String) -> [String] {
        var missing: [String] = []
        var folder = Files.split(path).folder
        while folder.count > 1, Files.kind(folder) == nil {
            missing.append(folder)
            folder = Files.split(folder).folder
        }
        return missing
    }

    static func unusable(_ error: SystemError) -> AgentError {
        AgentError(.fileUnusable, "\(error.description). Check the path and its permissions, then try again.")
    }
}

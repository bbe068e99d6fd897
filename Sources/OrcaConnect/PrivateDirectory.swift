import Glibc
package import OrcaAPI
import OrcaDomain
import OrcaSupport

/// Directories that belong to one user alone.
package enum PrivateDirectory {
    /// Makes the directory, mode 0700, or checks that the one that is there is a directory of ours: in `/tmp`
    /// somebody else may have made it first.
    package static func make(_ path: String) throws(APIError) {
        do {
            let parent = Files.split(path).folder
            if parent != path { try Files.makeDirectories(parent) }
        } catch {
            throw refused(path, error.reason)
        }
        if mkdir(path, 0o700) == 0 { return }
        guard errno == EEXIST else { throw refused(path, SystemError.last("").reason) }
        var facts = stat()
        guard lstat(path, &facts) == 0 else { throw refused(path, SystemError.last("").reason) }
        guard facts.st_mode & S_IFMT == S_IFDIR else { throw refused(path, "it is not a directory") }
        guard facts.st_uid == getuid() else { throw refused(path, "it belongs to user \(facts.st_uid)") }
        if facts.st_mode & 0o077 != 0, chmod(path, 0o700) != 0 { throw refused(path, SystemError.last("").reason) }
    }

    private static func refused(_ path: String, _ why: String) -> APIError {
        APIError(
            "directory_unusable", .unavailable,
            "Cannot use \(path): \(why). Make it writable for you alone, or set ORCA_HOME to a directory of yours.")
    }
}

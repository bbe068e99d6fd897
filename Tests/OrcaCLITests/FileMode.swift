import Glibc
import OrcaSupport

enum FileMode {
    static func of(_ path: String) throws -> UInt32 {
        var facts = stat()
        guard stat(path, &facts) == 0 else { throw SystemError.last("look at", path) }
        return facts.st_mode & 0o777
    }
}

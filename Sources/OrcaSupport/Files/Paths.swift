import Glibc

/// Paths that come from outside and must stay where they belong.
package enum Paths {
    /// The absolute path with every link followed.
    package static func resolved(_ path: String) throws(SystemError) -> String {
        guard let found = realpath(path, nil) else { throw .last("find", path) }
        defer { free(found) }
        return String(cString: found)
    }

    /// `path`, taken as below `root` unless it is absolute, with every link followed. Fails with `EACCES` when that
    /// leads out of `root`, with `ENOENT` when nothing is there.
    package static func resolve(_ path: String, under root: String) throws(SystemError) -> String {
        let base = try resolved(root)
        let found = try resolved(path.hasPrefix("/") ? path : base + "/" + path)
        let prefix = base == "/" ? "/" : base + "/"
        guard found == base || found.hasPrefix(prefix) else {
            throw SystemError(EACCES, "use a path outside \(base):", path)
        }
        return found
    }

    /// The absolute path without asking the file system: `.` and `..` are taken out as text.
    package static func absolute(_ path: String) -> String {
        var parts: [Substring] = []
        let full = path.hasPrefix("/") ? path : currentDirectory + "/" + path
        for part in full.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    package static var currentDirectory: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }
}

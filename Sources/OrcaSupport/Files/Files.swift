import CLinux
import Glibc

/// Whole-file reads and writes, directories, paths. Everything blocks.
package enum Files {
    /// Bytes a file may have to be read unless the caller says otherwise.
    package static let readLimit = 64 << 20

    package enum Kind: Sendable, Hashable {
        case file, directory, link, socket, other
    }

    /// What is at the path, links not followed; `nil` when nothing is.
    package static func kind(_ path: String) -> Kind? {
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return nil }
        switch facts.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        case S_IFLNK: return .link
        case S_IFSOCK: return .socket
        default: return .other
        }
    }

    /// Whether the path, links followed, is a directory.
    package static func isDirectory(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
    }

    /// Size in bytes of the file, links followed; `nil` when there is none.
    package static func size(_ path: String) -> Int? {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : nil
    }

    /// Permission bits of what the path leads to, links followed; `nil` when there is nothing.
    package static func mode(_ path: String) -> UInt32? {
        var facts = stat()
        return stat(path, &facts) == 0 ? facts.st_mode & 0o7777 : nil
    }

    /// When the file or directory was last changed, links followed, in nanoseconds since 1970; `nil` when there is none.
    package static func modifiedNS(_ path: String) -> Int64? {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        return Int64(facts.st_mtim.tv_sec) * 1_000_000_000 + Int64(facts.st_mtim.tv_nsec)
    }

    /// How long ago the file or directory was last changed, links followed; `nil` when there is none.
    package static func age(_ path: String) -> Duration? {
        var facts = stat()
        var now = timespec()
        guard stat(path, &facts) == 0, clock_gettime(CLOCK_REALTIME, &now) == 0 else { return nil }
        return .seconds(now.tv_sec - facts.st_mtim.tv_sec)
    }

    /// The whole file. Fails with `EFBIG` when it is longer than `limit` bytes.
    package static func read(_ path: String, limit: Int = readLimit) throws(SystemError) -> [UInt8] {
        let file = try OwnedDescriptor.open(path, O_RDONLY)
        var bytes: [UInt8] = []
        while true {
            guard let part = try file.read(atMost: 256 << 10, from: path), !part.isEmpty else { return bytes }
            bytes += part
            if bytes.count > limit { throw SystemError(EFBIG, "read", path) }
        }
    }

    package static func readText(_ path: String, limit: Int = readLimit) throws(SystemError) -> String {
        String(decoding: try read(path, limit: limit), as: UTF8.self)
    }

    /// Replaces the file in one step: whoever looks sees the old bytes or the new ones, also after a power loss.
    package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws(SystemError) {
        let (folder, name) = split(path)
        let temporary = "\(folder)/.\(name).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).new"
        do throws(SystemError) {
            let file = try OwnedDescriptor.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
            // The mode counts whatever the umask says: 0600 files and shared ones alike are meant as given.
            guard fchmod(file.raw, mode) == 0 else { throw .last("set the mode of", temporary) }
            try file.write(bytes, to: path)
            guard fsync(file.raw) == 0 else { throw .last("write", path) }
            guard rename(temporary, path) == 0 else { throw .last("write", path) }
            try syncDirectory(folder)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    package static func write(_ text: String, to path: String, mode: UInt32 = 0o644) throws(SystemError) {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    /// Makes the directory and those above it that are missing. One that is there keeps its mode.
    package static func makeDirectories(_ path: String, mode: UInt32 = 0o755) throws(SystemError) {
        if isDirectory(path) { return }
        let parent = split(path).folder
        if parent != path, parent != "." { try makeDirectories(parent, mode: mode) }
        if mkdir(path, mode) != 0 && !(errno == EEXIST && isDirectory(path)) { throw .last("make directory", path) }
    }

    /// Names in the directory, sorted, without `.` and `..`.
    package static func list(_ path: String) throws(SystemError) -> [String] {
        guard let directory = opendir(path) else { throw .last("list", path) }
        defer { closedir(directory) }
        var names: [String] = []
        while let item = readdir(directory) {
            let name = withUnsafePointer(to: &item.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes the file or the directory with all that is in it; links are removed, not followed. Nothing there
    /// is fine.
    package static func removeTree(_ path: String) throws(SystemError) {
        guard let kind = kind(path) else { return }
        if kind == .directory {
            for name in try list(path) { try removeTree(path + "/" + name) }
            if rmdir(path) != 0 && errno != ENOENT { throw .last("remove", path) }
        } else if unlink(path) != 0 && errno != ENOENT {
            throw .last("remove", path)
        }
    }

    /// Free bytes on the file system that holds the path.
    package static func freeSpace(_ path: String) throws(SystemError) -> UInt64 {
        var free: UInt64 = 0
        var total: UInt64 = 0
        guard orca_disk_space(path, &free, &total) == 0 else { throw .last("look at", path) }
        return free
    }

    /// Folder and last component of a path: `.` and `a` for `a`.
    package static func split(_ path: String) -> (folder: String, name: String) {
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        guard let slash = trimmed.lastIndex(of: "/") else { return (".", String(trimmed)) }
        let folder = slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
        return (folder, String(trimmed[trimmed.index(after: slash)...]))
    }

    private static func syncDirectory(_ path: String) throws(SystemError) {
        let directory = try OwnedDescriptor.open(path, O_RDONLY | O_DIRECTORY)
        // Some file systems cannot sync a directory; they say so with EINVAL.
        if fsync(directory.raw) != 0 && errno != EINVAL { throw .last("write", path) }
    }
}

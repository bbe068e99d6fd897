import Glibc

/// One line of the kernel's process table.
package struct ProcessEntry: Sendable, Hashable {
    package enum State: Sendable, Hashable {
        /// Running, sleeping or waiting.
        case running
        /// Held by SIGSTOP, by job control or by a debugger.
        case stopped
        /// Ended; only its number is left.
        case dead
    }

    package let pid: Int32
    package let parent: Int32
    /// Its process group.
    package let group: Int32
    package let session: Int32
    package let state: State
    /// Clock ticks since boot; with the pid it names a process for good.
    package let startTime: UInt64

    /// A process for good: numbers are given out again, a number with its start time is not.
    package struct Identity: Sendable, Hashable {
        package let pid: Int32
        package let startTime: UInt64

        package init(pid: Int32, startTime: UInt64) {
            self.pid = pid
            self.startTime = startTime
        }

        /// Whether this very process has not ended.
        package var isAlive: Bool {
            guard let entry = ProcessTable.entry(pid) else { return false }
            return entry.startTime == startTime && entry.state != .dead
        }
    }

    package var identity: Identity { Identity(pid: pid, startTime: startTime) }
}

/// Reads `/proc`.
package enum ProcessTable {
    /// What the kernel knows about a process; `nil` when there is none of that number.
    package static func entry(_ pid: Int32) -> ProcessEntry? {
        guard pid > 0, let bytes = contents("/proc/\(pid)/stat", limit: 4096) else { return nil }
        return parse(bytes, pid: pid)
    }

    /// Whether the process runs, is stopped, or is gone.
    package static func state(of pid: Int32) -> ProcessEntry.State {
        entry(pid)?.state ?? .dead
    }

    /// Its children; empty when there are none, and on kernels that do not tell.
    package static func children(of pid: Int32) -> [Int32] {
        guard let bytes = contents("/proc/\(pid)/task/\(pid)/children", limit: 64 << 10) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: " ").compactMap { Int32($0) }
    }

    package static func all() -> [ProcessEntry] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var result: [ProcessEntry] = []
        while let item = readdir(directory) {
            let name = withUnsafePointer(to: &item.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let pid = Int32(name), let entry = entry(pid) { result.append(entry) }
        }
        return result
    }

    /// Whether `marker` (`NAME=value`) is in the environment the process was started with. False when it may not be read.
    package static func environment(of pid: Int32, contains marker: String) -> Bool {
        guard let bytes = contents("/proc/\(pid)/environ", limit: environmentLimit) else { return false }
        return bytes.split(separator: 0).contains { $0.elementsEqual(marker.utf8) }
    }

    /// The environment the process was started with; `nil` when it may not be read.
    package static func environment(of pid: Int32) -> [String: String]? {
        guard let bytes = contents("/proc/\(pid)/environ", limit: environmentLimit) else { return nil }
        var found: [String: String] = [:]
        for entry in bytes.split(separator: 0) {
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            found[String(decoding: entry[..<equals], as: UTF8.self)] = String(
                decoding: entry[(equals + 1)...], as: UTF8.self)
        }
        return found
    }

    /// Bytes of an environment that are searched; the kernel's own limit for arguments and environment is 2 MiB.
    private static let environmentLimit = 4 << 20

    /// `pid (name) state ppid pgrp session …`: the name may hold anything, so fields count from the last `)`.
    static func parse(_ bytes: [UInt8], pid: Int32) -> ProcessEntry? {
        guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19, let letter = fields[0].first else { return nil }
        func number<N: FixedWidthInteger>(_ position: Int) -> N? {
            N(String(decoding: fields[position], as: UTF8.self))
        }
        guard let parent: Int32 = number(1), let group: Int32 = number(2), let session: Int32 = number(3),
            let start: UInt64 = number(19)
        else {
            return nil
        }
        let state: ProcessEntry.State =
            switch letter {
            case UInt8(ascii: "T"), UInt8(ascii: "t"): .stopped
            case UInt8(ascii: "Z"), UInt8(ascii: "X"), UInt8(ascii: "x"): .dead
            default: .running
            }
        return ProcessEntry(pid: pid, parent: parent, group: group, session: session, state: state, startTime: start)
    }

    private static func contents(_ path: String, limit: Int) -> [UInt8]? {
        // A process that ends between listing and reading is simply not there.
        guard let file = try? OwnedDescriptor.open(path, O_RDONLY) else { return nil }
        var bytes: [UInt8] = []
        while bytes.count < limit {
            // It may also end while it is read.
            guard let part = try? file.read(atMost: min(65536, limit - bytes.count)), !part.isEmpty else { break }
            bytes += part
        }
        return bytes.isEmpty ? nil : bytes
    }
}

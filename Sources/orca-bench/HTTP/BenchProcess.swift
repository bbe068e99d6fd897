import Glibc
import OrcaSupport

/// A server under measurement, as a child process.
final class BenchProcess {
    private let process: SupervisedProcess
    private(set) var output: [UInt8] = []

    var pid: Int32 { process.child.pid }

    init(_ executable: String, _ arguments: [String]) throws {
        process = try SupervisedProcess(SubprocessCommand(executable, arguments))
    }

    /// The first line it prints.
    func firstLine() throws -> String {
        while true {
            if let end = output.firstIndex(of: 0x0A) { return String(decoding: output[..<end], as: UTF8.self) }
            let pause = try process.follow(until: .after(.milliseconds(20))) { output += $0 }
            if case .exited = pause, !output.contains(0x0A) {
                throw Bench.Failure(description: "it ended: \(String(decoding: output, as: UTF8.self))")
            }
        }
    }

    /// Processor time of it and its children that are alive, in seconds.
    func cpuSeconds() -> Double { ([pid] + Self.children(of: pid)).reduce(0) { $0 + Self.cpuSeconds(of: $1) } }

    /// Resident memory in KiB.
    func residentKiB() -> Double { Self.residentKiB(of: pid) }

    static func cpuSeconds(of pid: Int32) -> Double {
        let fields = read("/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    static func residentKiB(of pid: Int32) -> Double {
        let line = read("/proc/\(pid)/status").split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line.flatMap { $0.split(separator: " ").compactMap { Double($0) }.first } ?? .nan
    }

    func end() { process.end() }

    private static func children(of pid: Int32) -> [Int32] {
        read("/proc/\(pid)/task/\(pid)/children").split(separator: " ").compactMap { Int32($0) }
    }

    private static func read(_ path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}

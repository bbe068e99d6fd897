import CSandbox
import Glibc

/// The process that runs one script that a model wrote: an engine without files, network or processes, behind a pipe.
///
/// It reads lines of JSON from standard input and writes such lines to standard output. Its first line says which parts of
/// the lockdown are in force; nothing hostile is read before. A part that is required and cannot be had ends the process
/// with code 6, unless `--allow-degraded` is given.
@main
enum OrcaSandbox {
    static func main() {
        do throws(BadOption) {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            let begun = orca_lockdown_begin()
            if begun < 0 { fail("it cannot stop being root") }
            let engine = engine()
            announce(lockDown(begun, options), options)
            serve(engine)
        } catch {
            fail("there is no option \(error.text); it is started by orcad and by 'orca script'")
        }
    }

    private static func engine() -> OpaquePointer {
        guard let engine = orca_engine_new(send) else { fail("there is no JavaScript engine") }
        var error: UnsafeMutablePointer<CChar>?
        if !orca_engine_boot(engine, bootstrap, &error) {
            fail("the bootstrap failed: \(error.map { String(cString: $0) } ?? "without a word")")
        }
        return engine
    }

    private static let send: orca_engine_send = { bytes, length in
        bytes.withMemoryRebound(to: UInt8.self, capacity: length) {
            Lines.write(Array(UnsafeBufferPointer(start: $0, count: length)))
        }
    }

    // MARK: Lockdown

    private static let parts: [(name: String, bit: orca_lockdown, isRequired: Bool)] = [
        ("namespaces", ORCA_LOCKDOWN_NAMESPACES, false), ("unprivileged", ORCA_LOCKDOWN_UNPRIVILEGED, false),
        ("no_new_privileges", ORCA_LOCKDOWN_NO_NEW_PRIVILEGES, true), ("limits", ORCA_LOCKDOWN_LIMITS, true),
        ("landlock", ORCA_LOCKDOWN_LANDLOCK, false), ("seccomp", ORCA_LOCKDOWN_SECCOMP, true),
    ]

    private static func lockDown(_ begun: Int32, _ options: Options) -> Int32 {
        var limits = orca_lockdown_limits(memory: options.memoryMiB << 20, cpu_seconds: options.cpuSeconds)
        return begun | orca_lockdown_finish(&limits)
    }

    private static func announce(_ active: Int32, _ options: Options) {
        func isActive(_ bit: orca_lockdown) -> Bool { active & Int32(bit.rawValue) != 0 }
        let missing = parts.filter { $0.isRequired && !isActive($0.bit) }.map(\.name)
        if !missing.isEmpty, !options.isDegradedAllowed {
            fail("it cannot be locked down here (\(missing.joined(separator: ", ")))")
        }
        let names = parts.filter { isActive($0.bit) }.map { "\"\($0.name)\"" }.joined(separator: ",")
        Lines.write(Array("{\"type\":\"ready\",\"active\":[\(names)]}".utf8))
    }

    // MARK: Work

    private static func serve(_ engine: OpaquePointer) {
        var lines = Lines()
        while let line = lines.next() {
            let isDelivered = (line + [0]).withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) { chars in
                    chars.baseAddress.map { orca_engine_deliver(engine, $0) } ?? false
                }
            }
            if !isDelivered { exit(1) }
        }
    }

    private static func fail(_ why: String) -> Never {
        let message = Array("orca-sandbox: \(why)\n".utf8)
        _ = write(STDERR_FILENO, message, message.count)
        exit(6)
    }
}

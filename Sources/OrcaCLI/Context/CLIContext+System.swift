import Glibc
import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport

extension CLIContext {
    /// The context of this process.
    package static func system(arguments: [String]) -> CLIContext {
        let outputIsTerminal = isatty(1) == 1
        let environment = ProcessEnvironment.current
        return CLIContext(
            arguments: arguments, environment: environment, workingDirectory: Paths.currentDirectory,
            out: DescriptorSink(1), err: DescriptorSink(2, bufferMax: 0), readInput: readInput,
            inputIsTerminal: isatty(0) == 1,
            outputIsTerminal: outputIsTerminal,
            terminalWidth: outputIsTerminal ? LiveTerminal.size(1).width : nil, hostName: systemHostName(),
            processID: getpid(), progressSink: { writeToStandardError($0) }, errorsAreTerminal: isatty(2) == 1,
            now: { wallClock() },
            connect: { (options) throws(APIError) in try HTTPClient(options) }, host: LocalHost())
    }

    private static func readInput(limit: Int) throws(APIError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(0, &chunk, chunk.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw APIError(
                    "input_unreadable", .invalidArgument,
                    "Standard input cannot be read: \(SystemError.last("").reason).")
            }
            bytes += chunk[..<count]
            if bytes.count > limit {
                throw APIError(
                    "input_too_large", .invalidArgument,
                    "Standard input has more than \(limit) bytes; that is the most. Shorten it.")
            }
        }
    }

    private static func writeToStandardError(_ text: String) {
        // Nobody can be told when standard error is gone.
        Array(text.utf8).withUnsafeBytes { bytes in _ = write(2, bytes.baseAddress, bytes.count) }
    }

    private static func systemHostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func wallClock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

import Glibc
import OrcaProtobuf
import ProtocGenerator

/// Reads protoc's request from standard input and writes the answer to standard output; returns the exit code.
func runPlugin() -> Int32 {
    do {
        write(bytes: try CodeGenerator.respond(to: readAll(STDIN_FILENO)), to: STDOUT_FILENO)
        return 0
    } catch {
        write(bytes: Array("protoc-gen-orca: \(error)\n".utf8), to: STDERR_FILENO)
        return 1
    }
}

private func readAll(_ descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(descriptor, &chunk, chunk.count)
        guard count > 0 else { return bytes }
        bytes.append(contentsOf: chunk[..<count])
    }
}

private func write(bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}

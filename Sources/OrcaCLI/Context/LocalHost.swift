import Glibc
package import OrcaAPI
import OrcaConnect
import OrcaDomain
import OrcaSupport

/// The machine the command runs on.
package struct LocalHost: CLIHost {
    /// Bytes kept of a program's output.
    static let outputBytesMax = 64 << 20

    package init() {}

    package func readFile(_ path: String, limit: Int) throws(APIError) -> [UInt8] {
        do {
            return try Files.read(path, limit: limit)
        } catch {
            throw Self.unusable("read", path, error)
        }
    }

    package func readFile(_ path: String, from offset: Int, limit: Int) throws(APIError) -> [UInt8] {
        do throws(SystemError) {
            let file = try OwnedDescriptor.open(path, O_RDONLY)
            guard lseek(file.raw, offset, SEEK_SET) >= 0 else { throw .last("read", path) }
            return try file.read(atMost: limit, from: path) ?? []
        } catch {
            throw Self.unusable("read", path, error)
        }
    }

    package func writePrivateFile(_ path: String, _ bytes: [UInt8]) throws(APIError) {
        try PrivateDirectory.make(Files.split(path).folder)
        do {
            try Files.write(bytes, to: path, mode: 0o600)
        } catch {
            throw Self.unusable("write", path, error)
        }
    }

    package func writeSecret(_ path: String, _ bytes: [UInt8]) throws(APIError) {
        do {
            try Files.write(bytes, to: path, mode: 0o600)
        } catch {
            throw Self.unusable("write", path, error)
        }
    }

    package func writeFile(_ path: String, _ bytes: [UInt8]) throws(APIError) {
        do {
            try Files.makeDirectories(Files.split(path).folder)
            try Files.write(bytes, to: path)
        } catch {
            throw Self.unusable("write", path, error)
        }
    }

    package func removeFile(_ path: String) { unlink(path) }

    package func list(_ path: String) -> [String] {
        // A directory that is not there has no files.
        (try? Files.list(path)) ?? []
    }

    package func size(_ path: String) -> Int? { Files.isDirectory(path) ? nil : Files.size(path) }

    package func run(_ arguments: [String], directory: String, input: [UInt8]) throws(APIError) -> ProgramResult {
        let command = SubprocessCommand(arguments[0], Array(arguments.dropFirst()), directory: directory)
        do {
            let result = try Subprocess.run(command, input: input.isEmpty ? .null : .bytes(input))
            return ProgramResult(code: result.status.shellCode, output: result.output, errors: result.error)
        } catch {
            throw APIError("program_not_run", .invalidArgument, "\(error.description).")
        }
    }

    package func become(_ program: String, _ arguments: [String]) throws(APIError) {
        let pointers = ([program] + arguments).map { strdup($0) } + [nil]
        execv(program, pointers)
        let reason = SystemError.last("").reason
        pointers.forEach { free($0) }
        throw APIError(
            "program_not_run", .unavailable, "Cannot run \(program): \(reason). Check that it is executable.")
    }

    private static func unusable(_ action: String, _ path: String, _ error: SystemError) -> APIError {
        let category: ErrorCategory =
            error.code == ENOENT ? .notFound : error.code == EACCES ? .permissionDenied : .invalidArgument
        let limit = error.code == EFBIG ? " It is larger than is allowed here." : ""
        return APIError(
            "file_unusable", category, "Cannot \(action) \(path): \(error.reason).\(limit) Check the path.",
            details: ["path": path])
    }
}

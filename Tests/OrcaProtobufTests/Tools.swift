import Glibc

/// Runs outside programs for the tests that compare with upstream's protobuf.
enum Tools {
    struct Failure: Error, CustomStringConvertible {
        let command: String
        let status: Int32
        let output: String

        var description: String { "`\(command)` ended with status \(status):\n\(output)" }
    }

    /// The root of the repository.
    static let repository: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()

    /// What the command prints, errors included. Throws when it does not end with 0; a missing program is a failure, not a reason to
    /// skip. `arguments` are quoted.
    @discardableResult
    static func run(_ arguments: [String]) throws -> String {
        let command = arguments.map { "'\($0)'" }.joined(separator: " ")
        guard let pipe = popen("cd '\(repository)' && \(command) 2>&1", "r") else {
            throw Failure(command: command, status: -1, output: "it cannot be started")
        }
        var output: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, pipe)
            guard count > 0 else { break }
            output.append(contentsOf: chunk[..<count])
        }
        let status = pclose(pipe)
        let text = String(decoding: output, as: UTF8.self)
        guard status == 0 else { throw Failure(command: command, status: status >> 8, output: text) }
        return text
    }

    /// The Python with the packages that `scripts/python-tools` pins.
    static func python() throws -> String {
        // The last line is the path; whatever comes before is talk of the installation.
        String(try run(["scripts/python-tools"]).split(separator: "\n").last ?? "")
    }

    /// Protos of the API, relative to `proto/`.
    /// Every proto of the API, in the order that `make generate` takes them.
    static let apiProtos: [String] = {
        do {
            return try run(["ls", "proto/orca/v1"]).split(separator: "\n").map { "orca/v1/\($0)" }
        } catch {
            preconditionFailure("the protos cannot be listed: \(error)")
        }
    }()

    /// Compiles protos to a descriptor set in that directory.
    static func descriptors(_ files: [String], roots: [String], into directory: String) throws -> String {
        let script = "import os, google.api; print(os.path.dirname(os.path.dirname(list(google.api.__path__)[0])))"
        let google = try run([try python(), "-c", script]).split(separator: "\n").last ?? ""
        let output = directory + "/descriptors"
        let includes = (roots + [String(google), "/usr/include"]).flatMap { ["-I", $0] }
        try run(
            ["protoc"] + includes
                + ["--descriptor_set_out=\(output)", "--include_imports", "--include_source_info"] + files)
        return output
    }

    static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw Failure(command: "read \(path)", status: errno, output: "") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = fopen(path, "w") else { throw Failure(command: "write \(path)", status: errno, output: "") }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw Failure(command: "write \(path)", status: errno, output: "")
        }
    }

    /// Runs `body` with a directory that is gone afterwards.
    static func withTemporaryDirectory<R>(_ body: (String) throws -> R) throws -> R {
        var template = Array("/tmp/orca-protobuf-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(command: "mkdtemp", status: errno, output: "") }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { _ = try? run(["rm", "-rf", path]) }  // Left-overs in /tmp harm nobody.
        return try body(path)
    }
}

/// A small generator with a seed, so that a failing run can be repeated. Source: SplitMix64 by Sebastiano Vigna.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// The seed of this run: `ORCA_SEED`, or another one each time.
    static func seedOfThisRun() -> UInt64 {
        if let text = getenv("ORCA_SEED"), let seed = UInt64(String(cString: text)) { return seed }
        return UInt64.random(in: 1...999_999_999)
    }
}

package import OrcaAPI

/// Files and processes, as far as commands need them.
package protocol CLIHost {
    /// A whole file, at most `limit` bytes.
    func readFile(_ path: String, limit: Int) throws(APIError) -> [UInt8]
    /// What stands in a file from a byte on, at most `limit` bytes.
    func readFile(_ path: String, from offset: Int, limit: Int) throws(APIError) -> [UInt8]
    /// Writes a file, mode 0600, in a directory that is made with mode 0700.
    func writePrivateFile(_ path: String, _ bytes: [UInt8]) throws(APIError)
    /// Writes a file, mode 0600, in a directory that is there.
    func writeSecret(_ path: String, _ bytes: [UInt8]) throws(APIError)
    /// Writes a file with the usual mode.
    func writeFile(_ path: String, _ bytes: [UInt8]) throws(APIError)
    /// Nothing there is fine.
    func removeFile(_ path: String)
    /// Names in the directory, sorted; none when there is no such directory.
    func list(_ path: String) -> [String]
    /// Bytes of the file, links followed; `nil` when there is none.
    func size(_ path: String) -> Int?
    /// Runs a program to its end; its output and errors come back together.
    func run(_ arguments: [String], directory: String, input: [UInt8]) throws(APIError) -> ProgramResult
    /// Becomes another program; returns only when that fails.
    func become(_ program: String, _ arguments: [String]) throws(APIError)
}

/// How a program ended.
package struct ProgramResult {
    /// Exit code, or 128 plus the signal.
    package var code: Int32
    package var output: [UInt8]
    /// What it wrote to standard error.
    package var errors: [UInt8]

    package init(code: Int32, output: [UInt8], errors: [UInt8]) {
        self.code = code
        self.output = output
        self.errors = errors
    }
}

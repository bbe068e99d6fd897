import OrcaAPI
import OrcaDomain
import OrcaSupport

/// Text that may be given as it is, from a file (`@path`), or on standard input (`-`).
enum TextInput {
    /// Bytes of a text from a file or standard input.
    static let bytesMax = 1 << 20

    static func value(_ text: String, _ call: Invocation) throws(APIError) -> String {
        let bytes: [UInt8]
        if text == "-" {
            bytes = try call.context.readInput(bytesMax)
        } else if text.hasPrefix("@") {
            bytes = try call.context.host.readFile(absolute(String(text.dropFirst()), call), limit: bytesMax)
        } else {
            return text
        }
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw APIError(
                "invalid_utf8", .invalidArgument,
                "The text from \(text == "-" ? "standard input" : text) is not UTF-8. Save it as UTF-8.")
        }
        return string
    }

    /// The path as seen from the working directory.
    static func absolute(_ path: String, _ call: Invocation) -> String {
        Paths.absolute(path.hasPrefix("/") ? path : call.context.workingDirectory + "/" + path)
    }
}

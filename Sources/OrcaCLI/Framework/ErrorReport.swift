package import OrcaAPI
import OrcaDomain
import OrcaProtobuf

/// How an error reaches people and programs.
package enum ErrorReport {
    /// Text on standard error; with `--json` also `{"error": …}` on standard output. Returns the exit code.
    package static func write(_ error: APIError, asJSON: Bool, _ context: CLIContext) -> Int32 {
        context.out.flush()
        if asJSON {
            var body = OrcaV1.Error()
            body.code = error.code
            body.category = error.category.rawValue
            body.message = error.message
            body.details = error.details
            context.out.write(bytes: Array(#"{"error":"#.utf8) + body.jsonBytes() + Array("}\n".utf8))
        }
        let style = Style(isEnabled: context.wantsColorOnErrors && !asJSON)
        context.err.write(style.red("error:") + " " + TextWidth.inertLines(error.message) + "\n")
        return error.category.exitCode
    }
}

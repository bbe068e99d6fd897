import OrcaAPI
import OrcaSupport

/// Runs one command line from parsing to exit code.
package enum CommandLineTool {
    package static func run(_ context: CLIContext, root: Command) -> Int32 {
        defer {
            context.out.flush()
            context.err.flush()
        }
        // Known before the line is parsed, because the parser's own errors are reported the same way.
        let asJSON = context.arguments.prefix { $0 != "--" }.contains("--json")
        do throws(APIError) {
            switch try CommandLineParser.parse(context.arguments, root: root) {
            case .version:
                context.out.write("orca \(ProductVersion.current)\n")
                return 0
            case .help(let path, let isLong):
                let style = Style(isEnabled: context.wantsColor)
                let page = HelpPage(path: path, isLong: isLong, width: context.terminalWidth ?? 100, style: style)
                context.out.write(page.text)
                return 0
            case .refused(_, let asJSON, let error):
                return ContractReport.write(
                    error, id: ContractReport.localID, runtimeID: nil, asJSON: asJSON, context)
            case .run(let parsed):
                let call = Invocation(context: context, parsed: parsed)
                do throws(APIError) { try parsed.command.perform(call) } catch {
                    throw ChosenContext.explain(error, call)
                }
                return call.exitCode
            }
        } catch {
            return ErrorReport.write(error, asJSON: asJSON, context)
        }
    }
}

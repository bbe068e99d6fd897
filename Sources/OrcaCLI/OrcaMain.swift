import Glibc
import OrcaAPI
import OrcaSupport

/// The whole of `orca`, for its `main.swift`.
package enum OrcaMain {
    /// `arguments` are those after the program's name, as the system handed them over.
    package static func run(_ arguments: UnsafeBufferPointer<UnsafeMutablePointer<CChar>?>) -> Int32 {
        SignalPipe.ignoreBrokenPipes()
        var words: [String] = []
        for argument in arguments {
            guard let argument else { continue }
            guard let word = String(validatingCString: argument) else {
                let context = CLIContext.system(arguments: [])
                let shown = String(cString: argument)
                return ErrorReport.write(
                    .usage("The argument '\(TextWidth.inert(shown))' is not UTF-8. Write it in UTF-8."), asJSON: false,
                    context)
            }
            words.append(word)
        }
        if words.first == HookRelay.command.name, !words.contains("--help") {
            HookRelay.run(.system(arguments: words), Array(words.dropFirst()))
            return 0
        }
        return CommandLineTool.run(.system(arguments: words), root: Root.command)
    }
}

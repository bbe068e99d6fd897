import Glibc
import OrcaSupport

/// The whole of `orca`, for its `main.swift`.
package enum OrcaMain {
    package static func run(_ arguments: [String]) -> Int32 {
        SignalPipe.ignoreBrokenPipes()
        return CommandLineTool.run(.system(arguments: arguments), root: Root.command)
    }
}

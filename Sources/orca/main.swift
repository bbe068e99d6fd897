import Glibc
import OrcaCLI

exit(
    OrcaMain.run(
        UnsafeBufferPointer(start: CommandLine.unsafeArgv + 1, count: max(0, Int(CommandLine.argc) - 1))))

import Glibc
import OrcaCLI

exit(OrcaMain.run(Array(CommandLine.arguments.dropFirst())))

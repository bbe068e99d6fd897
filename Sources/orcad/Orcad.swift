import Glibc
import OrcaDaemon

@main
enum Orcad {
    static func main() async {
        exit(await Daemon.main(arguments: Array(CommandLine.arguments.dropFirst())))
    }
}

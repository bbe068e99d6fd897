import Glibc
import OrcaSimulation

/// `orca-sim [--seed N] [--seeds COUNT] [--steps N] [--mutants]`
@main
enum OrcaSim {
    static func main() {
        exit(SimulationCommand.run(Array(CommandLine.arguments.dropFirst())))
    }
}

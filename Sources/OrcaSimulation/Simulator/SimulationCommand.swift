import OrcaSQLite

/// The command line of the simulator.
package enum SimulationCommand {
    private struct Options {
        var firstSeed: UInt64 = 1
        var seeds = 20
        var steps = 1_500
        var hunts = false
        /// Several transactions at a time share what they know.
        var isGrouped = false
    }

    /// Answers the exit code: 0 when all held, 1 when something was found, 2 for wrong arguments.
    package static func run(_ arguments: [String]) -> Int32 {
        guard let options = parse(arguments) else {
            print("usage: orca-sim [--seed FIRST] [--seeds COUNT] [--steps STEPS] [--grouped] [--mutants]")
            return 2
        }
        return options.hunts ? hunt(options) : explore(options)
    }

    private static func parse(_ arguments: [String]) -> Options? {
        var options = Options()
        var rest = arguments[...]
        while let word = rest.popFirst() {
            if word == "--mutants" {
                options.hunts = true
                continue
            }
            if word == "--grouped" {
                options.isGrouped = true
                continue
            }
            guard let value = rest.popFirst(), let number = UInt64(value) else { return nil }
            switch word {
            case "--seed": (options.firstSeed, options.seeds) = (number, 1)
            case "--seeds": options.seeds = Int(number)
            case "--steps": options.steps = Int(number)
            default: return nil
            }
        }
        return options
    }

    private static func explore(_ options: Options) -> Int32 {
        for offset in 0..<UInt64(options.seeds) {
            let seed = options.firstSeed + offset
            do {
                let connection =
                    try options.isGrouped ? GroupedConnection(SQLiteConnection(.memory), seed: seed) : nil
                var simulator = try Simulator(seed: seed, on: connection)
                let report = try simulator.run(steps: options.steps)
                print(
                    "seed \(seed): \(report.steps) steps, \(report.requests) requests, \(report.crashes) crashes, "
                        + "\(report.completed) of \(report.tasks) tasks completed, \(report.events) events: held")
            } catch {
                print(
                    "\(error)\nreplay: make sim SEED=\(seed) STEPS=\(options.steps)\(options.isGrouped ? " GROUPED=1" : "")"
                )
                return 1
            }
        }
        print("\(options.seeds) passed, 0 failed")
        return 0
    }

    /// Switches the deliberate bugs on, one by one; each must be found.
    private static func hunt(_ options: Options) -> Int32 {
        var missed: [Mutant] = []
        for mutant in Mutant.allCases {
            if let found = MutantHunt.find(mutant, seeds: options.seeds, steps: options.steps) {
                print("\(mutant.rawValue): found with seed \(found.seed) after \(found.step) steps: \(found.violation)")
            } else {
                missed.append(mutant)
                print("\(mutant.rawValue): NOT FOUND in \(options.seeds) seeds of \(options.steps) steps")
            }
        }
        print("\(Mutant.allCases.count - missed.count) passed, \(missed.count) failed")
        return missed.isEmpty ? 0 : 1
    }
}

/// Looks for one deliberate bug.
package enum MutantHunt {
    package static func find(_ mutant: Mutant, seeds: Int, steps: Int) -> Simulator.Failure? {
        for seed in 1...UInt64(seeds) {
            do {
                var simulator = try Simulator(seed: seed, mutant: mutant)
                _ = try simulator.run(steps: steps)
            } catch let failure as Simulator.Failure {
                return failure
            } catch {
                return Simulator.Failure(seed: seed, step: 0, violation: "\(error)", history: [])
            }
        }
        return nil
    }
}

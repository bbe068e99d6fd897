/// What the process may use up.
struct Options {
    var memoryMiB: UInt64 = 256
    var cpuSeconds: UInt64 = 30
    var isDegradedAllowed = false

    /// Throws the argument that makes no sense.
    init(_ arguments: [String]) throws(BadOption) {
        for argument in arguments {
            let pair = argument.split(separator: "=", maxSplits: 1)
            let number = pair.count == 2 ? UInt64(pair[1]) : nil
            switch (pair.first, number) {
            case ("--memory-mib", .some(let value)): memoryMiB = value
            case ("--cpu-seconds", .some(let value)): cpuSeconds = value
            case ("--allow-degraded", _): isDegradedAllowed = true
            default: throw BadOption(text: argument)
            }
        }
    }
}

struct BadOption: Error {
    let text: String
}

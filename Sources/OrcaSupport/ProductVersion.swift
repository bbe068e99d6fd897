/// The version that `orca` and `orcad` are built as, and how versions compare.
package enum ProductVersion {
    package static let current = "0.1.0"

    /// Whether version `left` came before `right`: numbers between dots are compared as numbers, what is no number
    /// counts as 0, and a suffix after `-` comes before the version without it.
    package static func isOlder(_ left: String, than right: String) -> Bool {
        let (leftNumbers, leftSuffix) = parts(left)
        let (rightNumbers, rightSuffix) = parts(right)
        for index in 0..<max(leftNumbers.count, rightNumbers.count) {
            let a = index < leftNumbers.count ? leftNumbers[index] : 0
            let b = index < rightNumbers.count ? rightNumbers[index] : 0
            if a != b { return a < b }
        }
        switch (leftSuffix, rightSuffix) {
        case (nil, nil), (nil, _?): return false
        case (_?, nil): return true
        case (let a?, let b?): return a < b
        }
    }

    private static func parts(_ version: String) -> (numbers: [Int], suffix: String?) {
        let halves = version.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = halves[0].split(separator: ".").map { Int($0) ?? 0 }
        return (numbers, halves.count > 1 ? String(halves[1]) : nil)
    }
}

/// Small pieces of wording that several messages share.
enum Texts {
    /// A duration for people: `850 ms`, `12 s`, `5 min`, `3 h`.
    static func duration(milliseconds: Int64) -> String {
        switch milliseconds {
        case ..<1_000: "\(max(0, milliseconds)) ms"
        case ..<120_000: "\((milliseconds + 999) / 1_000) s"
        case ..<7_200_000: "\((milliseconds + 59_999) / 60_000) min"
        default: "\((milliseconds + 3_599_999) / 3_600_000) h"
        }
    }
}

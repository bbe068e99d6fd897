import OrcaAPI
import OrcaDomain
import OrcaGRPC
import OrcaSupport
import Testing

/// Errors as gRPC statuses, and back.
@Suite struct StatusTests {
    @Test func everyErrorComesBackAsItWas() {
        for code in ErrorCode.allCases {
            let error = APIError(
                code.rawValue, code.category, "What to do – näher \u{1F433}.",
                details: ["holder": "agent-1", "empty": "", "retry_after_ms": "1500"])
            let status = StatusDetails.status(error)
            #expect(StatusDetails.error(status.details) == error)
            #expect(status.code != .ok && status.message == error.message)
        }
    }

    @Test func theClassDecidesTheStatusCodeExceptWhereGRPCTellsMoreApart() {
        let expected: [ErrorCategory: RPCCode] = [
            .invalidArgument: .invalidArgument, .unauthenticated: .unauthenticated,
            .permissionDenied: .permissionDenied, .notFound: .notFound, .conflict: .failedPrecondition,
            .resourceExhausted: .resourceExhausted, .unavailable: .unavailable,
            .deadlineExceeded: .deadlineExceeded, .internal: .internal,
        ]
        for category in ErrorCategory.allCases {
            #expect(StatusDetails.code(APIError("some_code", category, "")) == expected[category])
            #expect(StatusDetails.category(expected[category]?.rawValue ?? 0) == category)
        }
        let others: [(String, ErrorCategory, RPCCode)] = [
            ("already_exists", .conflict, .alreadyExists), ("version_conflict", .conflict, .aborted),
            ("unimplemented", .internal, .unimplemented), ("no_such_operation", .notFound, .unimplemented),
            ("canceled", .unavailable, .cancelled),
        ]
        for (name, category, code) in others { #expect(StatusDetails.code(APIError(name, category, "")) == code) }
    }

    @Test func anErrorThatIsTooLongForAHeaderKeepsItsCode() throws {
        let error = APIError(
            "plan_invalid", .invalidArgument, String(repeating: "ü", count: 10_000),
            details: Dictionary(
                uniqueKeysWithValues: (0..<200).map { ("key\($0)", String(repeating: "v", count: $0 * 10)) }))
        let status = StatusDetails.status(error)
        #expect(status.details.count <= StatusDetails.bytesMax)
        #expect(status.message.utf8.count <= StatusDetails.messageBytesMax)
        let read = try #require(StatusDetails.error(status.details))
        #expect(read.code == "plan_invalid" && read.category == .invalidArgument)
        // Python's library refuses a status whose message is not the one beside it.
        #expect(read.message == status.message)
        #expect(read.message.hasPrefix("üüü") && read.message.hasSuffix("…"))
        #expect(read.details["key1"] == "vvvvvvvvvv")
    }

    @Test func aStatusOfSomebodyElseIsNoErrorOfOurs() {
        for bytes in [[], [0xFF, 0xFF], [0x08, 0x05], Array("nonsense".utf8)] as [[UInt8]] {
            #expect(StatusDetails.error(bytes) == nil)
        }
    }

    @Test func randomBytesNeverBreakTheReader() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        let whole = StatusDetails.status(APIError("task_held", .conflict, "Text", details: ["a": "b"])).details
        for _ in 0..<2_000 {
            var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &random)))
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &random)] = .random(in: .min ... .max, using: &random)
            }
            if let error = StatusDetails.error(bytes) {
                #expect(!error.code.isEmpty, "seed \(seed)")
            }
        }
    }
}

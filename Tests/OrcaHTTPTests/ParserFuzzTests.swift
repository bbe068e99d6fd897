import Glibc
import Testing

@testable import OrcaHTTP

/// Mutated requests: the parser never crashes, never takes what can be read in two ways, and does not care how bytes are cut.
@Suite struct ParserFuzzTests {
    private static let seeds = [
        "GET /v1/workspaces/w/tasks/API-1 HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nX-Orca-Caller: ann\r\n\r\n",
        "POST /v1/workspaces/w/tasks?x=1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive, close\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "PATCH /a%2Fb HTTP/1.1\r\nhost:x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n",
    ].map { Array($0.utf8) }

    /// What mutations put in: bytes and lines that matter to HTTP.
    private static let pieces = [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", "\r\n ", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\n", "Host: y\r\n", "HTTP/1.1", "\u{7F}", "\u{E9}", ": v\r\n", "0", "-", "+", "#",
        "?",
    ].map { Array($0.utf8) }

    private enum Outcome: Equatable {
        case incomplete
        case fault(Int)
        case head(length: Int, framing: RequestHead.Framing, method: String, path: String)
    }

    @Test func `fifteen thousand mutated heads are refused or sound, however they are cut`() {
        let seed = Self.seedOfThisRun()
        var random = SplitMix(state: seed)
        var accepted = 0
        for round in 0..<15_000 {
            let bytes = Self.mutated(Self.seeds.randomElement(using: &random) ?? [], Self.pieces, &random)
            let whole = Self.parse(bytes, cuts: [])
            let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
            guard whole == Self.parse(bytes, cuts: cuts) else {
                Issue.record("ORCA_SEED=\(seed), round \(round): cut at \(cuts) gives another result: \(bytes)")
                return
            }
            guard case .head(let length, let framing, _, _) = whole else { continue }
            accepted += 1
            if let flaw = Self.flaw(in: bytes[..<length], framing) {
                Issue.record("ORCA_SEED=\(seed), round \(round): \(flaw): \(String(decoding: bytes, as: UTF8.self))")
                return
            }
        }
        #expect(accepted > 1000 && accepted < 14_500, "ORCA_SEED=\(seed): \(accepted) accepted")
    }

    private static func parse(_ bytes: [UInt8], cuts: [Int]) -> Outcome {
        let limits = HTTPLimits()
        var scanner = HeadScanner()
        do throws(HTTPFault) {
            for end in cuts + [bytes.count] {
                guard let length = try scanner.end(in: Array(bytes[..<end]), from: 0, limits: limits) else { continue }
                let head = try HeadParser.parse(Array(bytes[..<length]), limits: limits)
                return .head(length: length, framing: head.framing, method: head.method, path: String(head.path))
            }
            return .incomplete
        } catch {
            return .fault(error.status)
        }
    }

    /// Looks at an accepted head a second time, naively, line by line.
    private static func flaw(in head: ArraySlice<UInt8>, _ framing: RequestHead.Framing) -> String? {
        let text = String(decoding: head, as: UTF8.self)
        guard text.utf8.suffix(4).elementsEqual("\r\n\r\n".utf8) else { return "it does not end with an empty line" }
        if head.contains(where: { ($0 < 0x20 && ![0x0D, 0x0A, 0x09].contains($0)) || $0 == 0x7F }) {
            return "a control character"
        }
        let lines = head.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.dropLast().allSatisfy({ $0.last == 0x0D && !$0.dropLast().contains(0x0D) }) else {
            return "a bare line end"
        }
        var counts: [String: Int] = [:]
        for line in lines.dropFirst().dropLast(2) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
                return "a field without name"
            }
            let name = line[..<colon]
            guard name.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return "a space in a name" }
            counts[String(decoding: name, as: UTF8.self).lowercased(), default: 0] += 1
        }
        let lengths = counts["content-length", default: 0]
        let encodings = counts["transfer-encoding", default: 0]
        if lengths + encodings > 1 { return "two framings" }
        if counts["host", default: 0] > 1 { return "two hosts" }
        let first = String(decoding: lines[0], as: UTF8.self)
        if first.hasSuffix("HTTP/1.1\r"), counts["host", default: 0] != 1 { return "no host" }
        if encodings == 1, framing != .chunked { return "an encoding that is not followed" }
        return nil
    }

    @Test func `mutated chunks give the same body or fault, however they are cut`() {
        let seed = Self.seedOfThisRun()
        var random = SplitMix(state: seed)
        let seeds = ["5\r\nhello\r\n0\r\n\r\n", "a;x=y\r\n0123456789\r\n1\r\n!\r\n0\r\nSum: 1\r\n\r\n", "0\r\n\r\n"]
            .map { Array($0.utf8) }
        let pieces = ["\r\n", "\n", "\r", "0", "f", ";", " ", "-", "x", "0x", ":", "\0", "ffffffff"].map {
            Array($0.utf8)
        }
        for round in 0..<15_000 {
            let bytes = Self.mutated(seeds.randomElement(using: &random) ?? [], pieces, &random)
            let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
            guard Self.decode(bytes, cuts: []) == Self.decode(bytes, cuts: cuts) else {
                Issue.record("ORCA_SEED=\(seed), round \(round): cut at \(cuts): \(bytes)")
                return
            }
        }
    }

    @Test func `random bodies come through chunked coding unchanged`() {
        let seed = Self.seedOfThisRun()
        var random = SplitMix(state: seed)
        for _ in 0..<1000 {
            let body = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            var coded: [UInt8] = []
            var rest = body[...]
            while !rest.isEmpty {
                let part = rest.prefix(Int.random(in: 1...100, using: &random))
                coded += Array((String(part.count, radix: 16) + "\r\n").utf8) + part + [0x0D, 0x0A]
                rest = rest.dropFirst(part.count)
            }
            coded += Array("0\r\n\r\nnext".utf8)
            let decoded = Self.decode(coded, cuts: [Int.random(in: 0...coded.count, using: &random)])
            #expect(
                decoded == Decoded(body: body, taken: coded.count - 4, isDone: true, fault: nil), "ORCA_SEED=\(seed)")
        }
    }

    private struct Decoded: Equatable {
        var body: [UInt8] = []
        var taken = 0
        var isDone = false
        var fault: Int?
    }

    private static func decode(_ bytes: [UInt8], cuts: [Int]) -> Decoded {
        var limits = HTTPLimits()
        limits.bodyBytesMax = 1000
        var decoder = ChunkedDecoder()
        var result = Decoded()
        do throws(HTTPFault) {
            for end in cuts + [bytes.count] where end >= result.taken {
                result.taken += try decoder.decode(bytes[result.taken..<end], into: &result.body, limits: limits)
            }
        } catch {
            // Where it was noticed depends on the cut, what was noticed must not.
            return Decoded(fault: error.status)
        }
        result.isDone = decoder.isDone
        return result
    }

    @Test func `a live server outlives mutated requests and still answers`() async throws {
        let seed = Self.seedOfThisRun()
        try await TestServer.run { server async throws in
            var random = SplitMix(state: seed)
            for _ in 0..<300 {
                let client = try server.client()
                let bytes = Self.mutated(Self.seeds.randomElement(using: &random) ?? [], Self.pieces, &random)
                // The server may close while the client still sends.
                do { try client.send(bytes) } catch {}
            }
            #expect(try server.client().request("GET", "/healthz").status == 200, "ORCA_SEED=\(seed)")
        }
    }

    // MARK: Mutations

    private static func mutated(_ seed: [UInt8], _ pieces: [[UInt8]], _ random: inout SplitMix) -> [UInt8] {
        var bytes = seed
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            guard !bytes.isEmpty else { return bytes }
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
            case 3: bytes.removeLast(bytes.count - place)
            case 4:
                // A whole line again: the second occurrence of a field.
                let end = bytes[place...].firstIndex(of: 0x0A) ?? bytes.count - 1
                let start = bytes[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
                bytes.insert(contentsOf: Array(bytes[start...end]), at: end + 1)
            default: bytes[place] ^= 0x20
            }
        }
        return bytes
    }

    private static func seedOfThisRun() -> UInt64 {
        if let text = getenv("ORCA_SEED"), let seed = UInt64(String(cString: text)) { return seed }
        return UInt64.random(in: 1...999_999_999)
    }
}

/// A small generator with a seed. Source: SplitMix64 by Sebastiano Vigna.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

import OrcaAPI
import OrcaProtobuf
import Testing

/// Compares the runtime and the generated code with upstream's protobuf for Python, on random messages of every request and
/// response of the API and of a message with every kind of field.
@Suite struct OracleTests {
    static let types: [String: any ProtoMessage.Type] = {
        var types: [String: any ProtoMessage.Type] = [:]
        for operation in Operations.all {
            types[operation.requestType.protoMessageName] = operation.requestType
            types[operation.responseType.protoMessageName] = operation.responseType
        }
        types[OrcaTestingV1.Everything.protoMessageName] = OrcaTestingV1.Everything.self
        return types
    }()

    @Test func `3000 random messages are the same to upstream in binary and in JSON`() throws {
        let seed = SeededRandom.seedOfThisRun()
        try Tools.withTemporaryDirectory { directory in
            let descriptors = try Self.makeMessages(3000, seed: seed, in: directory)
            let made = Self.records(try Tools.read(directory + "/made"))
            #expect(made.count == 9000)
            var ours: [UInt8] = []
            for start in stride(from: 0, to: made.count, by: 3) {
                let name = String(decoding: made[start], as: UTF8.self)
                let type = try #require(Self.types[name], "no Swift type for \(name)")
                let fromWire = try type.init(wireBytes: made[start + 1])
                let fromJSON = try type.init(jsonBytes: made[start + 2])
                for bytes in [fromWire.wireBytes(), fromWire.jsonBytes(), fromJSON.wireBytes(), fromJSON.jsonBytes()] {
                    Self.append(bytes, to: &ours)
                }
            }
            try Tools.write(ours, to: directory + "/ours")
            do {
                try Tools.run([try Tools.python(), Self.script, "check", descriptors, directory])
            } catch {
                Issue.record("ORCA_SEED=\(seed): \(error)")
            }
        }
    }

    @Test func `truncated and bit-flipped messages are refused or read, but never crash`() throws {
        let seed = SeededRandom.seedOfThisRun()
        var random = SeededRandom(seed: seed)
        try Tools.withTemporaryDirectory { directory in
            _ = try Self.makeMessages(300, seed: seed, in: directory)
            let made = Self.records(try Tools.read(directory + "/made"))
            var refused = 0
            for start in stride(from: 0, to: made.count, by: 3) {
                let type = try #require(Self.types[String(decoding: made[start], as: UTF8.self)])
                for _ in 0..<20 {
                    let wire = Self.damaged(made[start + 1], &random)
                    let json = Self.damaged(made[start + 2], &random)
                    do { _ = try type.init(wireBytes: wire).jsonBytes() } catch { refused += 1 }
                    do { _ = try type.init(jsonBytes: json).wireBytes() } catch { refused += 1 }
                }
            }
            #expect(refused > 1000, "ORCA_SEED=\(seed): hardly anything was refused, so nothing was damaged")
        }
    }

    private static let script = Tools.repository + "/Tests/OrcaProtobufTests/oracle.py"

    /// Returns the path of the descriptors.
    private static func makeMessages(_ count: Int, seed: UInt64, in directory: String) throws -> String {
        let descriptors = try Tools.descriptors(
            ["everything.proto"] + Tools.apiProtos, roots: ["Tests/OrcaProtobufTests/Protos", "proto"], into: directory)
        try Tools.run([try Tools.python(), script, "make", descriptors, String(seed), String(count), directory])
        return descriptors
    }

    private static func damaged(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        guard !bytes.isEmpty else { return [UInt8.random(in: 0...255, using: &random)] }
        var copy = bytes
        switch Int.random(in: 0..<4, using: &random) {
        case 0: copy.removeLast(Int.random(in: 1...copy.count, using: &random))
        case 1: copy[Int.random(in: 0..<copy.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: copy[Int.random(in: 0..<copy.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        default:
            copy.insert(UInt8.random(in: 0...255, using: &random), at: Int.random(in: 0...copy.count, using: &random))
        }
        return copy
    }

    private static func records(_ bytes: [UInt8]) -> [[UInt8]] {
        var records: [[UInt8]] = []
        var position = 0
        while position < bytes.count {
            let count = (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
            records.append(Array(bytes[position + 4..<position + 4 + count]))
            position += 4 + count
        }
        return records
    }

    private static func append(_ record: [UInt8], to bytes: inout [UInt8]) {
        for index in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: record.count >> (8 * index))) }
        bytes.append(contentsOf: record)
    }
}

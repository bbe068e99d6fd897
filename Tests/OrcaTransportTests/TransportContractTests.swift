import OrcaPostgres
import OrcaSQLite
import OrcaStore
import OrcaSupport
import OrcaTestKit
import Testing

/// The contract on every transport there is, and on every store. A new one plugs in a factory.
@Suite(.serialized) struct TransportContractTests {
    enum Engine: String, CaseIterable, CustomTestStringConvertible {
        case memory
        case file
        case postgres

        var testDescription: String { rawValue }

        func open(in folder: TemporaryDirectory) throws -> any Store {
            switch self {
            case .memory: try SQLiteStore(.memory, now: 0)
            case .file: try SQLiteStore(.file(folder.path("store.db")), now: 0)
            case .postgres: try PostgresStore(try PostgresCluster.shared().database(), now: 0)
            }
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: TransportContract.Case.allCases)
    func allTransportsAnswerTheSame(part: TransportContract.Case) async throws {
        let expected = try await transcript(part, .inProcess, .memory)
        #expect(!expected.isEmpty)
        for way in Way.allCases where way != .inProcess {
            try await compare(transcript(part, way, .memory), expected, "\(way)")
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: TransportContract.Case.allCases)
    func allStoresAnswerTheSame(part: TransportContract.Case) async throws {
        let expected = try await transcript(part, .inProcess, .memory)
        for engine in Engine.allCases where engine != .memory {
            try await compare(transcript(part, .grpcUnix, engine), expected, "\(engine)")
        }
    }

    private func transcript(_ part: TransportContract.Case, _ way: Way, _ engine: Engine) async throws -> [String] {
        let folder = TemporaryDirectory("contract")
        let store = try engine.open(in: folder)
        do {
            let lines = try await TransportContract.check(part, over: way.transport(), on: store)
            await store.close()
            return lines
        } catch {
            Issue.record("\(part) over \(way) on \(engine): \(error)")
            await store.close()
            return []
        }
    }

    private func compare(_ found: [String], _ expected: [String], _ what: String) {
        #expect(found.count == expected.count, "\(what)")
        for (line, wanted) in zip(found, expected) { #expect(line == wanted, "\(what)") }
    }
}

import OrcaPostgres
import OrcaSQLite
import OrcaStore
import OrcaSupport
import OrcaTestKit
import Testing

/// The contract on every store there is. A new store plugs in a factory.
@Suite struct StoreContractTests {
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

    @Test(arguments: Engine.allCases, StoreContract.Case.allCases)
    func theContractHolds(engine: Engine, part: StoreContract.Case) async throws {
        let folder = TemporaryDirectory("store")
        let store = try engine.open(in: folder)
        do {
            try await StoreContract.check(part, on: store)
        } catch {
            Issue.record("\(part) on \(engine): \(error)")
        }
        await store.close()
    }

    @Test func everyHotStatementGoesThroughItsIndex() throws {
        let plans = try QueryPlans.ofHotStatements()
        for plan in plans {
            let text = plan.steps.joined(separator: "; ")
            #expect(!text.contains("SCAN"), "\(plan.name): \(text)")
            #expect(!text.contains("TEMP B-TREE"), "\(plan.name): \(text)")
        }
        #expect(plans.count >= 10)
    }
}

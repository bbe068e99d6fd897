import OrcaDomain
import Testing

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy(attemptsMax: 3, backoffInitialMS: 1_000, backoffMaxMS: 10_000)

    @Test(arguments: [(1, 500, 1_000), (2, 1_000, 2_000), (3, 2_000, 4_000), (5, 5_000, 10_000), (63, 5_000, 10_000)])
    func theDelayDoublesUpToItsBoundWithHalfOfItRandom(failures: Int, least: Int64, most: Int64) {
        #expect(policy.delayMS(afterFailures: failures, unit: 0) == least)
        let longest = policy.delayMS(afterFailures: failures, unit: 0.999_999)
        #expect(longest > least && longest <= most)
    }

    @Test func threeFailuresAreTheEnd() {
        #expect(policy.allowsAnother(afterFailures: 2))
        #expect(!policy.allowsAnother(afterFailures: 3))
    }
}

@Suite struct RequirementTests {
    @Test(
        arguments: [
            ("gpu", ["gpu": ""], true), ("gpu", [:], false), ("os=linux", ["os": "linux"], true),
            ("os=linux", ["os": "mac"], false), ("memory_gb>=16", ["memory_gb": "16"], true),
            ("memory_gb>=16", ["memory_gb": "15"], false), ("memory_gb>=16", ["memory_gb": "much"], false),
        ] as [(String, [String: String], Bool)])
    func aCapabilityIsComparedWithTheFacts(text: String, facts: [String: String], holds: Bool) throws {
        let constraint = try #require(CapabilityConstraint(text))
        #expect(constraint.holds(for: facts) == holds)
        #expect(constraint.text == text)
    }

    @Test(arguments: ["", "=x", ">=3", "a>=x", "a b", "a;b"])
    func whatIsNoConstraintIsRefused(text: String) {
        #expect(CapabilityConstraint(text) == nil)
    }

    @Test func equalRequirementsAreEqualHoweverTheyWereWritten() {
        let one = Requirement(tags: ["b", "a", "b"], assignee: "x")
        #expect(one == Requirement(tags: ["a", "b"], assignee: "x"))
        #expect(one.shortcomings(ofAgent: "x", tags: ["a", "b", "c"], capabilities: [:]).isEmpty)
        #expect(one.shortcomings(ofAgent: "y", tags: ["a"], capabilities: [:]).map(\.code) == ["assignee", "tags"])
    }
}

@Suite struct FenceTests {
    @Test func onlyTheLiveTokenHolds() {
        #expect(Fence.check(token: 3, lastToken: 3, liveToken: 3) == .holds)
        #expect(Fence.check(token: 2, lastToken: 3, liveToken: 3) == .superseded)
        #expect(Fence.check(token: 3, lastToken: 3, liveToken: nil) == .superseded)
        #expect(Fence.check(token: 4, lastToken: 3, liveToken: 3) == .unknown)
        #expect(Fence.check(token: 0, lastToken: 3, liveToken: nil) == .unknown)
    }

    @Test func aRenewalNeverTakesPromisedTimeAway() {
        let start = Timestamp(milliseconds: 1_000_000)
        var lease = Lease(
            id: .init(suffix: "a"), workspace: .init(suffix: "a"), project: .init(suffix: "a"),
            task: .init(suffix: "a"),
            taskRef: "A-1", attempt: .init(suffix: "a"), agent: .init(suffix: "a"), agentName: "a", token: 1,
            ttlMS: 60_000, at: start)
        lease.renew(at: start.adding(milliseconds: 1_000), ttlMS: 5_000)
        #expect(lease.expiresAt == start.adding(milliseconds: 60_000))
        #expect(!lease.isOverdue(at: start.adding(milliseconds: 59_999)))
        #expect(lease.isOverdue(at: start.adding(milliseconds: 60_000)))
    }
}

@Suite struct CycleSearchTests {
    @Test func aCycleIsNamedWithItsPath() {
        let edges = [1: [2], 2: [3], 3: [1], 4: [1]]
        let cycle = CycleSearch.cycle(in: [4, 1, 2, 3]) { edges[$0] ?? [] }
        #expect(cycle == [1, 2, 3, 1])
    }

    @Test func aDiamondIsNoCycle() {
        let edges = [1: [2, 3], 2: [4], 3: [4], 4: []]
        #expect(CycleSearch.cycle(in: [1, 2, 3, 4]) { edges[$0] ?? [] } == nil)
        #expect(CycleSearch.path(from: 1, to: 4) { edges[$0] ?? [] }?.first == 1)
        #expect(CycleSearch.path(from: 4, to: 1) { edges[$0] ?? [] } == nil)
    }

    @Test func aChainOfTenThousandNeedsNoStack() {
        let path = CycleSearch.path(from: 0, to: 10_000) { $0 < 10_000 ? [$0 + 1] : [] }
        #expect(path?.count == 10_001)
        #expect(CycleSearch.cycle(in: [0]) { [($0 + 1) % 10_000] }?.count == 10_001)
    }
}

@Suite struct OfferChoiceTests {
    private func candidate(_ suffix: String, capacity: Int, held: Int) -> OfferChoice.Candidate {
        .init(id: AgentID(suffix: suffix), name: suffix, capacity: capacity, activeLeases: held)
    }

    @Test func roundRobinIsFairToOne() {
        let agents = ["a", "b", "c"].map { candidate($0, capacity: 100, held: 0) }
        var pointer: AgentID?
        var taken: [String: Int] = [:]
        for _ in 0..<100 {
            let chosen = OfferChoice.pick(.roundRobin, from: agents, after: pointer, assignee: "")
            pointer = chosen?.id
            taken[chosen?.name ?? "", default: 0] += 1
        }
        #expect(taken.values.max().map { $0 - (taken.values.min() ?? 0) } == 1)
        #expect(taken.count == 3)
    }

    @Test func leastLoadedBreaksTiesById() {
        let agents = [candidate("b", capacity: 9, held: 1), candidate("a", capacity: 9, held: 1)]
        #expect(OfferChoice.pick(.leastLoaded, from: agents, after: nil, assignee: "")?.name == "a")
    }

    @Test func capacityGoesByTheFreeShare() {
        let agents = [candidate("a", capacity: 10, held: 5), candidate("b", capacity: 2, held: 0)]
        #expect(OfferChoice.pick(.capacity, from: agents, after: nil, assignee: "")?.name == "b")
    }

    @Test func fullAgentsAreSkipped() {
        let agents = [candidate("a", capacity: 1, held: 1)]
        for distribution in Distribution.allCases {
            #expect(OfferChoice.pick(distribution, from: agents, after: nil, assignee: "a") == nil)
        }
    }

    @Test func manualAsksTheNamedOneOnly() {
        let agents = [candidate("a", capacity: 1, held: 0), candidate("b", capacity: 1, held: 0)]
        #expect(OfferChoice.pick(.manual, from: agents, after: nil, assignee: "b")?.name == "b")
        #expect(OfferChoice.pick(.manual, from: agents, after: nil, assignee: "") == nil)
    }
}

@Suite struct NameTests {
    @Test(arguments: ["default", "team-1", "a"]) func workspaceNames(name: String) {
        #expect(throws: Never.self) { try Names.checkWorkspace(name) }
    }

    @Test(arguments: ["", "Team", "-a", "a b", String(repeating: "a", count: 64)])
    func otherWorkspaceNamesAreRefused(name: String) {
        #expect(throws: DomainError.self) { try Names.checkWorkspace(name) }
    }

    @Test(arguments: ["", "api", "1A", "A-B", "ABCDEFGHIJK"]) func otherProjectKeysAreRefused(key: String) {
        #expect(throws: DomainError.self) { try Names.checkProjectKey(key) }
    }

    @Test(arguments: [("web2", "WEB2"), ("My Project", "MYPROJECT"), ("1a-b", "AB")])
    func aKeyThatDoesNotFitIsAnsweredWithOneThatDoes(key: String, fitting: String) {
        let error = #expect(throws: DomainError.self) { try Names.checkProjectKey(key) }
        #expect(error?.message.hasSuffix("What about \(fitting)?") == true)
        #expect(throws: Never.self) { try Names.checkProjectKey(fitting) }
    }

    @Test(arguments: ["", "-x", " a", "a ", "a\nb", "a\u{202E}b"]) func otherAgentNamesAreRefused(name: String) {
        #expect(throws: DomainError.self) { try Names.checkAgent(name) }
    }
}

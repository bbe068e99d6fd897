import OrcaAPI
import OrcaCLI
import OrcaDomain
import OrcaProtobuf
import Testing

private func drawing(_ edges: [(Int, Int)], count: Int) -> [String] {
    let world = FakeWorld()
    world.client.on(Operations.getTaskGraph) { _ in
        .with {
            $0.tasks = (1...count).map { task("A-\($0)", .ready, "t") }
            $0.edges = edges.map { edge in
                .with {
                    $0.from = "task_a-\(edge.0)"
                    $0.to = "task_a-\(edge.1)"
                }
            }
        }
    }
    return world.run("graph", "-p", "A").out.replacing(" t  ready", with: "").split(
        separator: "\n", omittingEmptySubsequences: false
    ).map {
        var line = $0
        while line.last == " " { line.removeLast() }
        return String(line)
    }.dropLast()
}

@Suite struct GraphTests {
    @Test func drawsAChain() {
        #expect(drawing([(1, 2), (2, 3)], count: 3) == ["○  A-1", "○  A-2", "○  A-3"])
    }

    @Test func drawsADiamond() {
        #expect(
            drawing([(1, 2), (1, 3), (2, 4), (3, 4)], count: 4) == [
                "○  A-1", "├─╮", "○ │  A-2", "│ ○  A-3", "├─╯", "○  A-4",
            ])
    }

    @Test func drawsThreeBranches() {
        #expect(
            drawing([(1, 2), (1, 3), (1, 4)], count: 4) == [
                "○  A-1", "├─┬─╮", "○ │ │  A-2", "  ○ │  A-3", "    ○  A-4",
            ])
    }

    @Test func separatesWhatHangsTogetherWithNothing() {
        #expect(drawing([(1, 2)], count: 3) == ["○  A-1", "○  A-2", "", "○  A-3"])
        #expect(drawing([(2, 3)], count: 4) == ["○  A-1", "", "○  A-2", "○  A-3", "", "○  A-4"])
        #expect(drawing([], count: 3) == ["○  A-1", "○  A-2", "○  A-3"])
    }

    @Test func drawsEveryTaskOfARandomGraphAfterItsDependencies() {
        for seed in 1..<60 {
            var state = UInt64(seed)
            func random(_ below: Int) -> Int {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int((state >> 33) % UInt64(below))
            }
            let count = 2 + random(20)
            let edges = (0..<random(30)).compactMap { _ -> (Int, Int)? in
                let from = 1 + random(count)
                let to = 1 + random(count)
                return from < to ? (from, to) : nil
            }
            let lines = drawing(edges, count: count)
            func row(_ number: Int) -> Int? { lines.firstIndex { $0.hasSuffix(" A-\(number)") } }
            for number in 1...count { #expect(row(number) != nil, "seed \(seed): A-\(number) is missing") }
            for (from, to) in edges { #expect((row(from) ?? 0) < (row(to) ?? 0), "seed \(seed): \(from) before \(to)") }
        }
    }

    @Test func listsNamesWhenThereAreTooManyLanes() {
        let edges = (2...40).map { (1, $0) }
        #expect(
            drawing(edges, count: 40).contains(" A-2  after A-1")
                || drawing(edges, count: 40).contains { $0.contains("A-2") && $0.contains("after A-1") })
    }

    @Test func writesDOT() {
        let world = FakeWorld()
        world.client.on(Operations.getTaskGraph) { _ in
            .with {
                $0.tasks = [task("A-1", .completed, "say \"hi\""), task("A-2", .pending)]
                $0.edges = [
                    .with {
                        $0.from = "task_a-1"; $0.to = "task_a-2"; $0.policy = .ignore
                    }
                ]
            }
        }
        let text = world.run("graph", "-p", "A", "--dot").out
        #expect(text.contains(#""task_a-1" [label="A-1  completed\nsay \"hi\"""#))
        #expect(text.contains(#""task_a-1" -> "task_a-2" [style=dashed];"#))
    }
}

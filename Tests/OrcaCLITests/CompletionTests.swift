import OrcaAPI
import OrcaCLI
import OrcaProtobuf
import Testing

private func complete(_ words: String...) -> Completer.Answer {
    Completer(root: Root.command) { entity, hints in
        switch entity {
        case .task: [.init(word: "API-1", meaning: "for \(hints.command) in \(hints.project ?? "all")")]
        case .project: [.init(word: "API", meaning: ""), .init(word: "WEB", meaning: "")]
        default: []
        }
    }.complete(words)
}

private func words(_ answer: Completer.Answer) -> [String] {
    guard case .candidates(let candidates) = answer else { return [] }
    return candidates.map(\.word)
}

@Suite struct CompletionTests {
    @Test func completesCommands() {
        #expect(words(complete("pro")) == ["progress", "project"])
        #expect(words(complete("task", "c")) == ["create", "claim", "complete", "cancel"])
        #expect(!words(complete("")).contains("__complete"))
    }

    @Test func completesFlags() {
        #expect(words(complete("claim", "--a")) == ["--agent"])
        #expect(words(complete("claim", "--agent", "me", "--a")).isEmpty)
        #expect(words(complete("list", "--status", "ready", "--sta")) == ["--status"])
    }

    @Test func completesValues() {
        #expect(words(complete("list", "--status", "f")) == ["failed"])
        #expect(words(complete("list", "--status=c")) == ["--status=completed", "--status=canceled"])
        #expect(words(complete("list", "--status", "=", "f")) == ["failed"])
        #expect(words(complete("list", "--status", "=")).count == 7)
        #expect(words(complete("-p", "W")) == ["WEB"])
        #expect(words(complete("completions", "b")) == ["bash"])
        #expect(complete("plan", "check", "") == .files)
        #expect(complete("run", "plan.yaml", "--repo", "") == .directories)
        #expect(complete("work", "--", "") == .files)
    }

    @Test func asksTheServerForIdsThatFit() {
        #expect(complete("-p", "WEB", "done", "api") == .candidates([.init(word: "API-1", meaning: "for done in WEB")]))
        #expect(words(complete("show", "X")).isEmpty)
    }

    @Test func offersContextsWithoutAServer() {
        let world = FakeWorld()
        world.hasServer = false
        #expect(world.run("context", "add", "team", "--url", "http://h.example:1").code == 0)
        #expect(world.run("__complete", "--", "list", "--server", "t").out.hasPrefix("team"))
        #expect(world.run("__complete", "--", "context", "use", "lo").out.hasPrefix("local"))
    }

    @Test func offersTokensByNameUnlessSeveralHaveIt() {
        let world = FakeWorld()
        world.client.on(Operations.listTokens) { _ in
            .with {
                $0.tokens = [("tok_1", "ann"), ("tok_2", "bob"), ("tok_3", "bob")].map { id, name in
                    .with {
                        $0.id = id
                        $0.name = name
                    }
                }
            }
        }
        let offered = world.run("__complete", "--", "token", "revoke", "").out
        #expect(offered.contains("ann") && offered.contains("tok_2") && offered.contains("tok_3"))
        #expect(!offered.contains("tok_1"))
    }

    @Test func neverStartsAServer() {
        let world = FakeWorld()
        world.hasServer = false
        let outcome = world.run("__complete", "--", "show", "A")
        #expect(outcome.code == 0 && outcome.out.isEmpty && outcome.err.isEmpty)
    }
}

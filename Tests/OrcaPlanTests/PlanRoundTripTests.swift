import OrcaAPI
import OrcaPlan
import OrcaProtobuf
import Testing

@Suite struct PlanRoundTripTests {
    @Test(arguments: PlanFormat.allCases, 0..<40)
    func whatIsWrittenIsReadBack(format: PlanFormat, seed: Int) throws {
        var random = SplitMix(state: UInt64(seed) &* 7919 &+ 1)
        let plan = randomPlan(&random)
        let text = PlanFile.write(plan, as: format)
        let name = "plan." + (format == .markdown ? "md" : format.rawValue)
        do throws(PlanError) {
            let back = try PlanFile.read(Array(text.utf8), fileName: name)
            #expect(back == plan, "seed \(seed):\n\(text)")
        } catch {
            Issue.record("seed \(seed): \(error.lines.joined(separator: "\n"))\n\(text)")
        }
    }

    @Test(arguments: [
        "plain", "yes", "null", "~", "12", "a: b", "a #b", "- a", "#a", "\"", "'", "x\ty", "tab\tnew\nline", " lead",
        "trail ", "é", "日本",
        "a\u{85}b", "\u{2028}", "{a}", "[a]", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "...", "---", "\\", "a\rb",
        "?", ":", "a:", "=", "<<",
        "😀",
    ])
    func everyTextSurvivesYAML(text: String) throws {
        var plan = OrcaV1.Plan()
        plan.name = "p"
        var task = OrcaV1.PlanTask()
        task.key = "k"
        task.title = "t"
        task.spec = text
        task.context = ["c": text, "lines": "\(text)\n\(text)\n\n"]
        plan.tasks = [task]
        let written = PlanFile.write(plan, as: .yaml)
        #expect(try read(written) == plan, "\(written)")
    }

    private func randomPlan(_ random: inout SplitMix) -> OrcaV1.Plan {
        var plan = OrcaV1.Plan()
        plan.name = "plan \(random.next() % 100)"
        let count = Int(random.next() % 8) + 1
        for number in 0..<count {
            var task = OrcaV1.PlanTask()
            task.key = "k\(number)"
            task.title = words(&random, 1)
            if random.next() % 2 == 0 { task.spec = spec(&random) }
            task.priority = Int32(random.next() % 21) - 10
            if number > 0, random.next() % 2 == 0 {
                var dependency = OrcaV1.PlanDependency()
                dependency.key = "k\(random.next() % UInt64(number))"
                dependency.policy = [.unspecified, .cancel, .ignore][Int(random.next() % 3)]
                task.dependsOn = [dependency]
                task.parent = random.next() % 3 == 0 ? "k0" : ""
            }
            if random.next() % 3 == 0 { task.tags = ["swift", "x-\(number)"] }
            if random.next() % 3 == 0 { task.capabilities = ["os=linux", "memory_gb>=16"] }
            if random.next() % 3 == 0 {
                task.notBefore = ProtoTimestamp(milliseconds: Int64(random.next() % 4_000_000_000_000))
            }
            if random.next() % 3 == 0 { task.retry = .with { $0.maxAttempts = 4 } }
            if random.next() % 3 == 0 {
                task.contract = [
                    .with { $0.requirement = .command(words(&random, 2)) }, .with { $0.requirement = .file("a/b") },
                ]
            }
            if random.next() % 3 == 0 { task.context = ["a": words(&random, 1), "b": spec(&random)] }
            plan.tasks.append(task)
        }
        return plan
    }

    private func words(_ random: inout SplitMix, _ least: Int) -> String {
        let pool = [
            "make", "*bold*", "`code`", "#12", "a: b", "it's", "\"quoted\"", "[x](y)", "<b>", "yes", "12", "é", "日本",
            "_u_", "a & b",
        ]
        return (0..<(least + Int(random.next() % 4))).map { _ in pool[Int(random.next() % UInt64(pool.count))] }.joined(
            separator: " ")
    }

    private func spec(_ random: inout SplitMix) -> String {
        let pool = [
            "Do this.", "- a list", "# not a task", "## nor this", "```\ncode\n```", "", "    indented", "> quote",
            "tags: x", "<div>", "1. one", "---", "Title\n===",
        ]
        let lines = (0..<(1 + Int(random.next() % 5))).map { _ in pool[Int(random.next() % UInt64(pool.count))] }
        let text = lines.joined(separator: "\n")
        return text.allSatisfy(\.isWhitespace) ? "Spec." : text
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

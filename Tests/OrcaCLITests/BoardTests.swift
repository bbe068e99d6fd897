import OrcaAPI
import OrcaCLI
import OrcaDomain
import OrcaProtobuf
import Testing

@Suite struct BoardTests {
    private var model: BoardModel {
        var model = BoardModel()
        model.runs = [
            .with {
                $0.id = "run_1"
                $0.project = "API"
                $0.spec = "Ship the\nlogin page"
                $0.status = .running
                $0.phase = .monitoring
                $0.taskCounts = ["completed": 3, "dispatched": 1, "blocked": 1]
                $0.createdAt = ProtoTimestamp(milliseconds: FakeWorld.now - 65_000)
            }
        ]
        model.workers = [
            .with {
                $0.id = "ctx_1"
                $0.taskRef = "API-4"
                $0.terminal = "term_w"
                $0.prompt = .submitted
            }
        ]
        model.terminals = [
            "term_w": .with {
                $0.agentKind = "claude"
                $0.state = .working
            }
        ]
        model.gates = [
            .with {
                $0.id = "gate_1"
                $0.taskRef = "API-5"
                $0.question = "Merge it?"
                $0.options = ["yes", "no"]
            }
        ]
        model.questions = [
            .with {
                $0.message = .with { $0.id = "msg_q" }
                $0.taskRef = "API-4"
                $0.question = "Which colour?"
                $0.options = ["red", "blue"]
            }
        ]
        for number in 1...60 {
            model.mail.append(
                .with {
                    $0.id = "msg_\(number)"
                    $0.subject = "Mail \(number)"
                    $0.from = "term_w"
                    $0.to = "term_c"
                })
        }
        return model
    }

    private func screen(_ width: Int, _ height: Int) -> [String] {
        BoardScreen(
            model: model, width: width, height: height, style: .plain, now: FakeWorld.now, title: "default"
        ).lines
    }

    @Test(arguments: [(80, 24), (120, 50), (40, 12), (200, 10), (20, 4)])
    func fillsTheScreenExactly(width: Int, height: Int) {
        let lines = screen(width, height)
        #expect(lines.count == height)
        for line in lines { #expect(TextWidth.columns(line) <= width, "\(line)") }
    }

    @Test func showsRunsWorkersDecisionsAndMail() {
        let text = screen(160, 60).joined(separator: "\n")
        #expect(text.contains("monitoring") && text.contains("3 of 5 completed, 1 dispatched, 1 blocked"))
        #expect(text.contains("Ship the login page") && text.contains("1m 5s"))
        #expect(text.contains("gate_1") && text.contains("Merge it?") && text.contains("yes, no"))
        #expect(text.contains("msg_q") && text.contains("Which colour?") && text.contains("red, blue"))
        #expect(text.contains("API-4") && text.contains("claude") && text.contains("working"))
        #expect(text.contains("Mail 1"))
    }

    @Test func textFromOthersCannotControlTheScreen() {
        var model = BoardModel()
        model.gates = [.with { $0.question = "\u{1B}[2J\u{07}evil" }]
        let lines = BoardScreen(
            model: model, width: 80, height: 20, style: .plain, now: FakeWorld.now, title: "\u{1B}]0;x\u{07}"
        ).lines
        #expect(!lines.joined().contains("\u{1B}"))
    }
}

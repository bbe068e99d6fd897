import OrcaAPI
import OrcaCLI
import OrcaDomain
import OrcaProtobuf
import Testing

@Suite struct WatchTests {
    private var model: WatchModel {
        var model = WatchModel()
        model.project = "API"
        model.counts = ["completed": 3, "ready": 1, "dispatched": 1]
        model.working = [
            .with {
                $0.id = "att_1"
                $0.taskRef = "API-4"
                $0.agent = "mule"
                $0.number = 2
                $0.startedAt = ProtoTimestamp(milliseconds: FakeWorld.now - 65_000)
                $0.progress = "Tests written"
                $0.progressPercent = 60
            }
        ]
        model.titles = ["API-4": "Write the parser"]
        model.ready = [task("API-5", .ready, "Docs")]
        for number in 1...100 {
            _ = model.take(
                .with {
                    $0.sequence = Int64(number)
                    $0.type = "task.created"
                })
        }
        return model
    }

    @Test(arguments: [(80, 24), (120, 50), (40, 12), (200, 10)])
    func fillsTheScreenExactly(width: Int, height: Int) {
        let screen = WatchScreen(
            model: model, width: width, height: height, style: .plain, now: FakeWorld.now, title: "default / API")
        #expect(screen.lines.count == height)
        for line in screen.lines { #expect(TextWidth.columns(line) <= width, "\(line)") }
    }

    @Test func showsWhoWorksOnWhat() {
        let screen = WatchScreen(
            model: model, width: 100, height: 40, style: .plain, now: FakeWorld.now, title: "default / API")
        let text = screen.lines.joined(separator: "\n")
        #expect(text.contains("1 ready  1 dispatched  3 completed"))
        #expect(text.contains("mule"))
        #expect(text.contains("API-4"))
        #expect(text.contains("1m 5s"))
        #expect(text.contains("60% Tests written"))
        #expect(text.contains("#100"))
    }

    @Test func countsMoreThanWereRead() {
        var model = model
        model.ready = (1...100).map { task("API-\($0)", .ready) }
        model.counts["ready"] = 508
        let screen = WatchScreen(
            model: model, width: 100, height: 40, style: .plain, now: FakeWorld.now, title: "default / API")
        #expect(screen.lines.contains("Ready  508"))
    }

    @Test func redrawsOnlyWhatChanged() {
        var painter = ScreenPainter()
        #expect(painter.paint(["a", "b"]) == "\u{1B}[1;1Ha\u{1B}[K\u{1B}[2;1Hb\u{1B}[K")
        #expect(painter.paint(["a", "c"]) == "\u{1B}[2;1Hc\u{1B}[K")
        #expect(painter.paint(["a", "c"]).isEmpty)
        #expect(painter.paint(["a"]) == "\u{1B}[2;1H\u{1B}[J")
        painter.reset()
        #expect(painter.paint(["a"]) == "\u{1B}[1;1Ha\u{1B}[K")
    }

    @Test func isPlainInAPipe() {
        let world = FakeWorld()
        #expect(world.run("watch").err.contains("no streams here"))
    }
}

import OrcaSupport
import OrcaTestKit
import Synchronization
import Testing

@Suite struct LogTests {
    private let folder = TemporaryDirectory("log")

    private final class Collector: LogSink {
        let lines = Mutex<[String]>([])

        func write(_ record: LogRecord) {
            lines.withLock { $0.append(String(decoding: record.line, as: UTF8.self)) }
        }
    }

    @Test func aRecordIsOneLineOfJSON() {
        let record = LogRecord(
            milliseconds: 1_700_000_000_123, level: .warning, label: "store", message: "say \"hi\"\n\u{1}\\ü",
            fields: [("count", 3), ("ok", true), ("who", "x")])
        #expect(
            String(decoding: record.line, as: UTF8.self)
                == #"{"time":"2023-11-14T22:13:20.123Z","level":"warning","label":"store","message":"say \"hi\"\n\u0001\\ü","count":3,"ok":true,"who":"x"}"#
                + "\n")
    }

    @Test func timesBeforeTheEpochAreWritten() {
        #expect(LogRecord.time(-1) == "1969-12-31T23:59:59.999Z")
        #expect(LogRecord.time(951_782_400_000) == "2000-02-29T00:00:00.000Z")
    }

    @Test func recordsBelowTheLevelAreNotMade() {
        let sink = Collector()
        var logger = Logger("a", level: .notice, to: sink, now: { 0 })
        logger.fields = [("pid", 7)]
        logger.info("no")
        logger.notice("yes")
        logger.labeled("b").error("worse", ["code": "x"])
        Logger.silent.error("nobody hears")
        let lines = sink.lines.withLock { $0 }
        #expect(lines.count == 2)
        #expect(lines[0].contains(#""label":"a","message":"yes","pid":7}"#))
        #expect(lines[1].contains(#""label":"b","message":"worse","pid":7,"code":"x"}"#))
        #expect(LogLevel(name: "warning") == .warning && LogLevel(name: "loud") == nil)
    }

    @Test func filesAreRotatedAndBounded() throws {
        let path = folder.path("orca.log")
        let sink = try RotatingFileSink(path: path, limits: .init(fileBytes: 1000, files: 3))
        let logger = Logger("t", to: sink, now: { 0 })
        for number in 0..<200 { logger.info("record \(number)") }
        sink.close()
        #expect(try Files.list(folder.path) == ["orca.log", "orca.log.1", "orca.log.2"])
        for name in try Files.list(folder.path) { #expect(try Files.read(folder.path(name)).count <= 1000) }
        #expect(try Files.readText(path).contains("record 199"))
        let whole = try Files.readText(path + ".1") + Files.readText(path)
        #expect(whole.split(separator: "\n").allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") }, "no line is cut")
    }

    @Test func whatWasLoggedBeforeAFlushIsInTheFile() throws {
        let path = folder.path("orca.log")
        let sink = try RotatingFileSink(path: path)
        let logger = Logger("t", to: sink)
        let threads = try (0..<4).map { thread in
            try ManagedThread("log-\(thread)") {
                for number in 0..<50 { logger.info("\(thread)/\(number)") }
                sink.flush()
            }
        }
        threads.forEach { $0.join() }
        #expect(try Files.readText(path).split(separator: "\n").count == 200)
        sink.close()
    }

    @Test func aFullQueueDropsAndSaysHowMany() throws {
        let path = folder.path("orca.log")
        let sink = try RotatingFileSink(path: path, limits: .init(queuedBytes: 100))
        let logger = Logger("t", to: sink)
        logger.info(String(repeating: "x", count: 200))
        sink.flush()
        sink.close()
        let text = try Files.readText(path)
        #expect(text.contains("records were dropped") && text.contains(#""count":1"#))
    }

    @Test func theFileIsContinuedByTheNextRun() throws {
        let path = folder.path("orca.log")
        for run in 0..<2 {
            let sink = try RotatingFileSink(path: path)
            Logger("t", to: sink).info("run \(run)")
            sink.close()
        }
        #expect(try Files.readText(path).split(separator: "\n").count == 2)
    }
}

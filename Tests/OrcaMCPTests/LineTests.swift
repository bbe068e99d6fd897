import OrcaMCP
import OrcaSupport
import Testing

@Suite struct LineTests {
    @Test(arguments: [1, 2, 3, 7, 100]) func linesAreCutWhereverTheBytesAre(step: Int) {
        let text = Array("{}\n\n  \r\n[1]\r\n{\"a\":1}".utf8)
        var lines = MessageLines(bytesMax: 20)
        var found: [MessageLines.Line] = []
        for start in stride(from: 0, to: text.count, by: step) {
            found += lines.take(Array(text[start..<min(text.count, start + step)]))
        }
        found += lines.finish()
        #expect(
            found == [.message(Array("{}".utf8)), .message(Array("[1]\r".utf8)), .message(Array("{\"a\":1}".utf8))])
    }

    @Test(arguments: [1, 5, 1000]) func aLineThatIsTooLongIsSaidOnceAndSkipped(step: Int) {
        let text = Array((String(repeating: "x", count: 90) + "\n{}\n").utf8)
        var lines = MessageLines(bytesMax: 20)
        var found: [MessageLines.Line] = []
        for start in stride(from: 0, to: text.count, by: step) {
            found += lines.take(Array(text[start..<min(text.count, start + step)]))
        }
        #expect(found == [.tooLong, .message(Array("{}".utf8))])
    }

    @Test func aBatchIsAnsweredAfterItsLastMessage() {
        var batch = MCPBatch(3)
        #expect(batch.add(1) == nil && batch.add(nil) == nil)
        #expect(batch.add(2) == [1, 2])
        var silent = MCPBatch(1)
        #expect(silent.add(nil) == nil)
    }
}

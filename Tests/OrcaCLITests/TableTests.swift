import OrcaCLI
import Testing

@Suite struct TableTests {
    private var table: Table {
        var table = Table([.fixed("REF"), .flexible("TITLE"), .number("N"), .flexible("NOTE")])
        table.add([.init("API-1", .strong), .init("A short one"), .init("5"), .init("")])
        table.add([.init("API-22"), .init("Quite a long title that will not fit"), .init("12"), .init("日本語", .good)])
        return table
    }

    @Test func isAlignedAndWholeInAPipe() {
        #expect(
            table.text(width: nil, style: .plain) == """
                REF     TITLE                                  N  NOTE
                API-1   A short one                            5
                API-22  Quite a long title that will not fit  12  日本語

                """)
    }

    @Test(arguments: [30, 40, 50, 60, 200])
    func fitsTheTerminal(width: Int) {
        for line in table.text(width: width, style: .plain).split(separator: "\n") {
            #expect(TextWidth.columns(String(line)) <= width)
        }
    }

    @Test func coloursOnlyWhereTheyAreWanted() {
        #expect(table.text(width: 80, style: Style(isEnabled: true)).contains("\u{1B}[1mAPI-1\u{1B}[0m"))
        #expect(!table.text(width: 80, style: .plain).contains("\u{1B}"))
    }

    @Test(arguments: [("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("😀", 2), ("a\u{200B}b", 2)])
    func countsColumns(text: String, columns: Int) {
        #expect(TextWidth.columns(text) == columns)
    }

    @Test(arguments: [("abcdef", 4, "abc…"), ("abcd", 4, "abcd"), ("日本語", 4, "日…"), ("abc", 0, ""), ("abc", 1, "…")])
    func cutsText(text: String, width: Int, result: String) {
        #expect(TextWidth.fit(text, width) == result)
    }

    @Test func wrapsParagraphs() {
        #expect(
            Wrap.text("one two three four\n\n    kept as it is\nfive", width: 10)
                == "one two\nthree four\n\n    kept as it is\nfive")
        #expect(Wrap.text("one two", width: 8, indent: 4) == "    one\n    two")
    }
}

import Glibc
import OrcaSupport
import OrcaTestKit
import Testing

/// docs/reference is made from the code; RECORD=1 writes it anew.
@Suite struct ReferencePagesTests {
    private static var folder: String {
        let parts = #filePath.split(separator: "/").dropLast(3)
        return "/" + parts.joined(separator: "/") + "/docs/reference"
    }

    @Test(arguments: ReferencePages.all.map(\.name)) func thePageIsCurrent(name: String) throws {
        let page = try #require(ReferencePages.all.first { $0.name == name })
        let path = Self.folder + "/" + name
        if getenv("RECORD") != nil { try Files.write(page.text, to: path) }
        let found = (try? Files.readText(path)) ?? ""
        #expect(found == page.text, "docs/reference/\(name) is out of date: run 'make docs'")
    }
}

import OrcaSupport
import OrcaTestKit
import Testing

/// The tutorial of the README does what it says.
@Suite struct TutorialTests {
    private enum Step: Hashable {
        case file(name: String, text: String)
        case run(script: String)
    }

    @Test(.timeLimit(.minutes(3))) func everyCommandOfTheREADMEsTutorialWorks() throws {
        let steps = try Self.steps(Files.readText(try Self.readme()))
        #expect(steps.count >= 4, "the tutorial has lost its marks")
        let place = try Installation()
        try place.makeRepository()
        for step in steps {
            switch step {
            case .file(let name, let text): try place.folder.file("repo/\(name)", text)
            case .run(let script):
                var command = place.command("bash", ["-euo", "pipefail", "-c", script])
                command.directory = place.repository
                let result = try Subprocess.run(command, timeout: .seconds(120))
                try #require(
                    result.status.isSuccess,
                    "\(script)\nends with \(result.status):\n\(result.outputText)\(result.errorText)")
            }
        }
        // What the reader was promised to find.
        #expect(try place.git("show", "orca/TIDYUP/integration:report.txt").contains("a.txt"))
        #expect(try place.git("status", "--porcelain", "--untracked-files=no").isEmpty)
    }

    /// The fenced blocks behind a mark, in their order.
    private static func steps(_ text: String) throws -> [Step] {
        var steps: [Step] = []
        var mark: String?
        var block: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("<!-- tutorial: "), line.hasSuffix(" -->") {
                mark = String(line.dropFirst(15).dropLast(4))
            } else if line.hasPrefix("```"), let lines = block {
                let body = lines.map { $0 + "\n" }.joined()
                let words = try #require(mark).split(separator: " ")
                switch words.first {
                case "file": steps.append(.file(name: String(try #require(words.last)), text: body))
                case "run": steps.append(.run(script: body))
                default: Issue.record("unknown mark '\(words)'")
                }
                (mark, block) = (nil, nil)
            } else if line.hasPrefix("```"), mark != nil {
                block = []
            } else {
                block?.append(line)
            }
        }
        #expect(mark == nil && block == nil, "a mark without its block")
        return steps
    }

    private static func readme(_ file: String = #filePath) throws -> String {
        let tests = Files.split(Files.split(file).folder).folder
        return Files.split(tests).folder + "/README.md"
    }
}

import Glibc
import OrcaCLI
import OrcaSupport
import Testing

/// Compares texts with files in the repository. `RECORD=1` writes the files instead.
@Suite struct GoldenTests {
    private static var root: String {
        Files.split(Files.split(Files.split(#filePath).folder).folder).folder
    }

    private func compare(_ text: String, _ path: String) throws {
        let full = Self.root + "/" + path
        if getenv("RECORD") != nil {
            try Files.makeDirectories(Files.split(full).folder)
            try Files.write(text, to: full)
            return
        }
        let golden = try Files.readText(full)
        #expect(golden == text, "\(path) is not what the command tree says; record it again with RECORD=1")
    }

    @Test func rootHelp() throws {
        let world = FakeWorld()
        try compare(world.run("help").out, "Tests/OrcaCLITests/Golden/help.txt")
        try compare(world.run("-h").out, "Tests/OrcaCLITests/Golden/help-short.txt")
    }

    @Test(arguments: ["claim", "done", "run", "work", "plan import", "task update", "lease hold", "log"])
    func helpOfCommands(title: String) throws {
        let words = title.split(separator: " ").map(String.init)
        let text = FakeWorld().run(words + ["--help"]).out
        try compare(text, "Tests/OrcaCLITests/Golden/help-\(words.joined(separator: "-")).txt")
    }

    @Test func topics() throws {
        for topic in HelpTopic.allCases {
            try compare(
                FakeWorld().run("help", topic.rawValue).out, "Tests/OrcaCLITests/Golden/topic-\(topic.rawValue).txt")
        }
    }

    @Test func completionScripts() throws {
        for shell in CompletionScript.shells {
            try compare(FakeWorld().run("completions", shell).out, "Tests/OrcaCLITests/Golden/completion.\(shell)")
        }
    }

    @Test func reference() throws { try compare(FakeWorld().run("help", "--reference").out, "docs/reference/cli.md") }

    @Test func manualPage() throws { try compare(FakeWorld().run("man").out, "docs/reference/orca.1") }
}

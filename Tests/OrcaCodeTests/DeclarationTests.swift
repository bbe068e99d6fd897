import OrcaAPI
import OrcaCode
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Testing

/// What scripts and models are told about the methods.
@Suite struct DeclarationTests {
    private let book = MethodBook.standard

    @Test func declarationsNameTypesAndWhatIsRequired() throws {
        let create = try book.find("tasks.create").declaration
        #expect(create.hasPrefix("orca.tasks.create(args: { "), "\(create)")
        #expect(create.contains(" title: string") && create.contains("workspace?: string"), "\(create)")
        #expect(create.hasSuffix("): Promise<Task>"), "\(create)")
        let list = try book.find("tasks.list").declaration
        #expect(list.contains("status?: (\"") && list.contains("limit?: number"), "\(list)")
        #expect(list.hasSuffix("Promise<{ tasks: Task[], nextCursor: string }>"), "\(list)")
        #expect(try book.find("gates.open").declaration.contains("timeoutMs?: string | number"))
        #expect(try book.find("tasks.listAll").declaration.hasSuffix("Promise<Task[]>"))
    }

    @Test func everyMethodHasADeclarationWithAllItsFields() {
        for method in book.methods {
            for field in method.operation.requestType.protoFields.all {
                #expect(method.declaration.contains(" \(field.jsonName)"), "\(method.declaration)")
            }
            #expect(!method.declaration.hasSuffix("Response>"), "\(method.declaration)")
        }
    }

    @Test func helpShowsTheTypesThatANounNeeds() async throws {
        let text = book.helpText("tasks")
        #expect(text.contains("orca.tasks.create(") && text.contains("orca.tasks.listAll("))
        #expect(text.contains("type Task = {") && text.contains("type TaskStatus = \""))
        #expect(!text.contains("type Gate ="))
        #expect(await Stage().run("await orca.help('tasks')").value == .string(text))
        #expect(book.helpText("nonsense").hasPrefix("Nothing."))
    }

    @Test(arguments: [1_200, 2_500, 8_000])
    func aModelIsToldAllWithinItsBudget(tokens: Int) {
        let text = book.declarationsForModels(tokenBudget: tokens)
        // A budget below the least there is to say would not be kept; all of these are above it.
        #expect(text.count <= tokens * 36 / 10, "\(text.count)")
        for method in book.methods { #expect(text.contains(method.verb), "\(method.name)") }
        for noun in book.nouns { #expect(text.contains("\n\(noun): "), "\(noun)") }
        let introduction = text.prefix(2_000)
        #expect(introduction.count(where: { $0 == "\n" }) > 10)
        #expect(!text.contains(",|") && !text.contains("unspecified"))
        #expect(introduction.contains("orca.help(\"tasks\")") && introduction.contains("\nMethods ("))
    }

    @Test func theExamplesOfTheDescriptionRun() async throws {
        let text = book.declarationsForModels()
        let examples = text.split(separator: "\n").split { $0.hasPrefix("Example:") }.dropFirst().map { lines in
            lines.prefix { !$0.hasPrefix("More:") }.joined(separator: "\n")
        }
        #expect(examples.count == 2)
        for example in examples {
            let report = await Stage().run(example)
            #expect(report.isOK, "\(example): \(String(describing: report.error))")
        }
    }
}

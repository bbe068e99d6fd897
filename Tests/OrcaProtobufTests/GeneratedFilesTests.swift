import OrcaAPI
import OrcaSupport
import ProtocGenerator
import Testing

/// The checked-in results of `make generate` are what the protos say. Needs protoc; its absence is a failure.
@Suite struct GeneratedFilesTests {
    @Test func `the Swift of the API is up to date`() throws {
        #expect(try outdated(Tools.apiProtos, root: "proto", emit: "swift", in: "Sources/OrcaAPI/Generated") == [])
    }

    @Test func `the OpenAPI document is up to date`() throws {
        #expect(try outdated(Tools.apiProtos, root: "proto", emit: "openapi", in: "docs/reference") == [])
    }

    @Test func `what the reflection service tells is up to date`() throws {
        let folder = "Sources/OrcaGRPC/Generated"
        #expect(try outdated(Tools.apiProtos, root: "proto", emit: "descriptors", in: folder) == [])
    }

    @Test func `the Swift client is up to date`() throws {
        let folder = "Sources/OrcaConnect/Generated"
        #expect(try outdated(Tools.apiProtos, root: "proto", emit: "library", in: folder) == [])
    }

    @Test func `the TypeScript client is up to date`() throws {
        let folder = "clients/typescript/src"
        #expect(try outdated(Tools.apiProtos, root: "proto", emit: "typescript", in: folder) == [])
    }

    @Test func `the Go and Python clients are up to date`() throws {
        try Tools.withTemporaryDirectory { directory in
            try Tools.run([Tools.repository + "/scripts/generate-clients", directory])
            for folder in ["go/orcav1", "python/orca/v1"] {
                let differences = try Tools.run(
                    [
                        "diff", "-rq", "-x", "__init__.py", "-x", "__pycache__", "\(directory)/\(folder)",
                        "\(Tools.repository)/clients/\(folder)",
                    ])
                #expect(differences.isEmpty)
            }
        }
    }

    @Test func `the Swift of the test protos is up to date`() throws {
        let folder = "Tests/OrcaProtobufTests"
        let files = ["everything.proto"]
        #expect(try outdated(files, root: folder + "/Protos", emit: "swift", in: folder + "/Generated") == [])
    }

    @Test func `the OpenAPI document is valid`() throws {
        let script = """
            import json, openapi_spec_validator
            openapi_spec_validator.validate(json.load(open("docs/reference/openapi.json")))
            """
        #expect(throws: Never.self) { try Tools.run([try Tools.python(), "-c", script]) }
    }

    @Test func `the server's OpenAPI document is the one in docs`() throws {
        let file = try Tools.read(Tools.repository + "/docs/reference/openapi.json")
        let isSame = file == Array("\(OpenAPIDocument.json)\n".utf8)
        #expect(isSame)
        let paths = try JSONValue(jsonBytes: file)["paths"]
        for operation in Operations.all {
            for route in operation.routes {
                let entry = paths?[route.template]?[route.method.rawValue.lowercased()]
                #expect(entry != nil, "\(operation.name) is missing")
            }
        }
    }

    /// Files that are not what the generator writes now: run `make generate` and commit the result.
    private func outdated(_ files: [String], root: String, emit: String, in folder: String) throws -> [String] {
        try Tools.withTemporaryDirectory { directory in
            let set = try Tools.descriptors(files, roots: [root], into: directory)
            let outputs = try CodeGenerator.generate(descriptorSet: try Tools.read(set), files: files, emit: emit)
            return try outputs.map { output in ("\(folder)/\(output.name)", Array(output.content.utf8)) }
                .filter { path, content in try Tools.read("\(Tools.repository)/\(path)") != content }
                .map(\.0)
        }
    }
}

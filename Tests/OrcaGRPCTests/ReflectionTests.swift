import OrcaAPI
import OrcaGRPC
import OrcaProtobuf
import Testing

@Suite struct ReflectionTests {
    private let service = ReflectionService()

    @Test func everyServiceOfTheCatalogueIsTold() {
        let served = Set(Operations.all.map { "orca.v1." + $0.service })
        #expect(Set(service.services) == served)
    }

    @Test func everyOperationAndItsTypesAreFoundByName() throws {
        for operation in Operations.all {
            let names = [
                "orca.v1.\(operation.service)", "orca.v1.\(operation.service).\(operation.name)",
                operation.requestType.protoMessageName, operation.responseType.protoMessageName,
            ]
            for name in names {
                let answer = try ask(4, name)
                #expect(answer.files > 0 && !answer.isError, "\(name)")
            }
        }
        // Nested ones, too, and what the protos import.
        for name in ["orca.v1.Task.Status", "orca.v1.WatchEventsResponse.Gap", "google.protobuf.Timestamp"] {
            #expect(try ask(4, name).files > 0, "\(name)")
        }
    }

    @Test func aFileComesWithEverythingItImports() throws {
        #expect(try ask(3, "orca/v1/task.proto").files >= 5)
        #expect(try ask(3, "google/protobuf/timestamp.proto").files == 1)
    }

    @Test func whatIsNotThereIsAnErrorInTheAnswer() throws {
        #expect(try ask(4, "orca.v1.Nothing").isError)
        #expect(try ask(3, "nothing.proto").isError)
        #expect(try ask(6, "orca.v1.Task").isError)
        #expect(throws: APIError.self) { _ = try service.answer([0xFF]) }
    }

    private func ask(_ field: Int, _ name: String) throws -> Answer {
        var writer = WireWriter()
        writer.field(ProtoString.self, field, name)
        var answer = Answer()
        var reader = WireReader(try service.answer(writer.bytes))
        try reader.readFields(into: &answer)
        return answer
    }

    /// `ServerReflectionResponse`
    private struct Answer: ProtoDecodable {
        var files = 0
        var isError = false

        mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
            switch number {
            case 4:
                var list = Files()
                try reader.message(into: &list)
                files = list.files.count
            case 7:
                isError = true
                try reader.skip()
            default: try reader.skip()
            }
        }

        static func fieldName(_ number: Int) -> String { "\(number)" }
    }

    private struct Files: ProtoDecodable {
        var files: [[UInt8]] = []

        mutating func merge(field number: Int, from reader: inout WireReader) throws(ProtoError) {
            try reader.append(ProtoBytes.self, to: &files)
        }

        static func fieldName(_ number: Int) -> String { "\(number)" }
    }
}

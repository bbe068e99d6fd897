/// Everything the emitters need to know, with names resolved.
struct Schema {
    struct Field {
        enum Shape {
            case singular
            case optional
            case repeated
            case map(key: FieldDescriptor, value: FieldDescriptor)
            case oneof(String)
        }

        let descriptor: FieldDescriptor
        let shape: Shape
        let comment: [String]

        var name: String { descriptor.name }
        var number: Int { Int(descriptor.number) }
        var isMessage: Bool { descriptor.kind == .message }
    }

    struct Message {
        let fullName: String
        let name: String
        let fields: [Field]
        /// Names of the real oneofs, in order.
        let oneofs: [String]
        let messages: [Message]
        let enums: [Enumeration]
        let comment: [String]
    }

    struct Enumeration {
        struct Value {
            let name: String
            let number: Int32
            let comment: [String]
        }

        let fullName: String
        let name: String
        let values: [Value]
        let comment: [String]
    }

    struct Method {
        let name: String
        let service: String
        let input: String
        let output: String
        let serverStreaming: Bool
        let rules: [HTTPRule]
        let comment: [String]
    }

    struct File {
        let name: String
        let package: String
        let messages: [Message]
        let enums: [Enumeration]
        let methods: [Method]
        let services: [(name: String, comment: [String])]
    }

    let files: [File]
    private let messagesByName: [String: Message]
    private let enumsByName: [String: Enumeration]
    let methodsByInput: [String: Method]
    /// What GET and PATCH operations answer, other than streams.
    let answersAboutOne: Set<String>

    init(_ descriptors: [FileDescriptor], only names: [String]) throws(GeneratorError) {
        var files: [File] = []
        for descriptor in descriptors where names.contains(descriptor.name) {
            guard descriptor.syntax == "proto3" else { throw GeneratorError("\(descriptor.name): only proto3") }
            files.append(try FileReader(file: descriptor).read())
        }
        self.files = files
        var messages: [String: Message] = [:]
        var enums: [String: Enumeration] = [:]
        func note(_ message: Message) {
            messages[message.fullName] = message
            for inner in message.messages { note(inner) }
            for inner in message.enums { enums[inner.fullName] = inner }
        }
        for file in files {
            for message in file.messages { note(message) }
            for inner in file.enums { enums[inner.fullName] = inner }
        }
        messagesByName = messages
        enumsByName = enums
        methodsByInput = Dictionary(files.flatMap(\.methods).map { ($0.input, $0) }) { first, _ in first }
        answersAboutOne = Set(
            files.flatMap(\.methods).filter { method in
                !method.serverStreaming && method.rules.contains { $0.method == "GET" || $0.method == "PATCH" }
            }.map(\.output))
        try check()
    }

    /// The field of an answer that holds the thing it is about, if that has a version.
    func versionedField(of message: Message) -> Field? {
        guard answersAboutOne.contains(message.fullName) else { return nil }
        return message.fields.first { field in
            guard case .singular = field.shape, let inner = self.message(field.descriptor.typeName) else {
                return false
            }
            return inner.fields.contains { $0.name == "version" && $0.descriptor.kind == .int32 }
        }
    }

    func message(_ fullName: String) -> Message? { messagesByName[fullName] }
    func enumeration(_ fullName: String) -> Enumeration? { enumsByName[fullName] }

    var methods: [Method] { files.flatMap(\.methods) }

    /// Whether a request without the field is always refused: it is annotated so, or is in every path. Not the workspace,
    /// which clients fill in.
    func isRequired(_ field: Field, of message: Message) -> Bool {
        guard let method = methodsByInput[message.fullName], field.name != "workspace" else { return false }
        return field.descriptor.options.isRequired || method.rules.allSatisfy { $0.pathFields.contains(field.name) }
    }

    /// Of these, the ones that the body of a request must have.
    func requiredInBody(of message: Message) -> [Field] {
        let inPath = methodsByInput[message.fullName]?.rules.flatMap(\.pathFields) ?? []
        return message.fields.filter { isRequired($0, of: message) && !inPath.contains($0.name) }
    }

    /// Refuses what the emitters cannot express.
    private func check() throws(GeneratorError) {
        for method in methods {
            guard !method.rules.isEmpty else { throw GeneratorError("\(method.name) has no google.api.http option") }
            guard method.rules.allSatisfy({ $0.body == "" || $0.body == "*" }) else {
                throw GeneratorError("\(method.name): a body must be \"*\" or absent")
            }
            guard let input = message(method.input) else { throw GeneratorError("\(method.input) is not generated") }
            for field in method.rules.flatMap(\.pathFields) where !input.fields.contains(where: { $0.name == field }) {
                throw GeneratorError("\(method.name): {\(field)} is not a field of \(method.input)")
            }
        }
        for name in messagesByName.keys.sorted() { try checkNotRecursive(name, inside: []) }
    }

    private func checkNotRecursive(_ name: String, inside outer: [String]) throws(GeneratorError) {
        guard !outer.contains(name) else {
            throw GeneratorError("recursive messages are not supported: \((outer + [name]).joined(separator: " → "))")
        }
        for field in message(name)?.fields ?? [] {
            guard field.isMessage else { continue }
            switch field.shape {
            case .singular, .optional, .oneof: try checkNotRecursive(field.descriptor.typeName, inside: outer + [name])
            case .repeated, .map: continue
            }
        }
    }
}

/// What is wrong with the protos, for the person who runs protoc.
package struct GeneratorError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

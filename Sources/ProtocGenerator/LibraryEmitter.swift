/// Writes a public method for each operation, for programs that use the Swift client. What they stand on is written by people.
struct LibraryEmitter {
    let schema: Schema
    let package: String

    func output() throws(GeneratorError) -> CodeGenerator.Output {
        var out = SourceText()
        out.line(MessageEmitter.header)
        out.line("public import OrcaAPI")
        out.line()
        out.line("// Every operation of the API. A write without a key gets one of its own; see `Orca`.")
        try out.block("extension Orca") { out throws(GeneratorError) in
            for (index, method) in schema.methods.enumerated() {
                if index > 0 { out.line() }
                try emit(method, &out)
            }
        }
        return CodeGenerator.Output(name: "Orca+Operations.swift", content: out.text)
    }

    private func emit(_ method: Schema.Method, _ out: inout SourceText) throws(GeneratorError) {
        let name = SwiftNames.lowered(method.name)
        let request = try SwiftNames.type(method.input, package: package)
        let response = try SwiftNames.type(method.output, package: package)
        let isRead = method.rules.allSatisfy { $0.method == "GET" }
        out.comment(method.comment)
        if method.serverStreaming {
            out.line("public func \(name)(_ request: \(request)) throws(OrcaError) -> OrcaStream<\(response)> {")
            out.line("    try stream(Operations.\(name), request)")
        } else if isRead {
            out.line("public func \(name)(_ request: \(request) = .init()) throws(OrcaError) -> \(response) {")
            out.line("    try call(Operations.\(name), request, key: nil)")
        } else {
            out.line("public func \(name)(")
            out.line("    _ request: \(request), idempotencyKey: String? = nil")
            out.line(") throws(OrcaError) -> \(response) {")
            out.line("    try call(Operations.\(name), request, key: idempotencyKey)")
        }
        out.line("}")
    }
}

struct OpenAPIEmitter {
    let schema: Schema
    func json() throws(GeneratorError) -> String { "{}" }
    func swift() throws(GeneratorError) -> String { MessageEmitter.header }
}

/// Turns one descriptor into the schema's form, following the paths of its comments.
struct FileReader {
    let file: FileDescriptor

    func read() throws(GeneratorError) -> Schema.File {
        let prefix = "." + file.package
        var messages: [Schema.Message] = []
        for (index, message) in file.messages.enumerated() {
            messages.append(try read(message, in: prefix, path: [4, Int32(index)]))
        }
        let enums = file.enums.enumerated().map { read($0.element, in: prefix, path: [5, Int32($0.offset)]) }
        var methods: [Schema.Method] = []
        var services: [(name: String, comment: [String])] = []
        for (index, service) in file.services.enumerated() {
            services.append((service.name, file.source.comment(at: [6, Int32(index)])))
            for (position, method) in service.methods.enumerated() {
                guard !method.clientStreaming else { throw GeneratorError("\(method.name): no client streams") }
                methods.append(
                    Schema.Method(
                        name: method.name, service: service.name, input: method.inputType, output: method.outputType,
                        serverStreaming: method.serverStreaming, rules: method.options.http?.all ?? [],
                        comment: file.source.comment(at: [6, Int32(index), 2, Int32(position)])))
            }
        }
        return Schema.File(
            name: file.name, package: file.package, messages: messages, enums: enums, methods: methods,
            services: services)
    }

    private func read(
        _ message: MessageDescriptor, in prefix: String, path: [Int32]
    ) throws(GeneratorError) -> Schema.Message {
        let fullName = "\(prefix).\(message.name)"
        var fields: [Schema.Field] = []
        for (index, field) in message.fields.enumerated() {
            fields.append(
                Schema.Field(
                    descriptor: field, shape: try shape(of: field, in: message, fullName),
                    comment: file.source.comment(at: path + [2, Int32(index)])))
        }
        var inner: [Schema.Message] = []
        for (index, nested) in message.messages.enumerated() where !nested.options.isMapEntry {
            inner.append(try read(nested, in: fullName, path: path + [3, Int32(index)]))
        }
        let used = Set(fields.compactMap { if case .oneof(let name) = $0.shape { name } else { nil } })
        return Schema.Message(
            fullName: fullName, name: message.name, fields: fields,
            oneofs: message.oneofs.map(\.name).filter(used.contains),
            messages: inner,
            enums: message.enums.enumerated().map {
                read($0.element, in: fullName, path: path + [4, Int32($0.offset)])
            },
            comment: file.source.comment(at: path))
    }

    private func shape(
        of field: FieldDescriptor, in message: MessageDescriptor, _ fullName: String
    ) throws(GeneratorError) -> Schema.Field.Shape {
        guard field.kind != .group else { throw GeneratorError("\(fullName).\(field.name): no groups") }
        if field.isRepeated {
            let entry = message.messages.first { $0.options.isMapEntry && "\(fullName).\($0.name)" == field.typeName }
            guard let entry else { return .repeated }
            guard let key = entry.fields.first(where: { $0.number == 1 }),
                let value = entry.fields.first(where: { $0.number == 2 })
            else { throw GeneratorError("\(fullName).\(field.name): a broken map") }
            return .map(key: key, value: value)
        }
        if field.isOptional { return .optional }
        if let index = field.oneofIndex { return .oneof(message.oneofs[Int(index)].name) }
        return .singular
    }

    private func read(_ enumeration: EnumDescriptor, in prefix: String, path: [Int32]) -> Schema.Enumeration {
        Schema.Enumeration(
            fullName: "\(prefix).\(enumeration.name)", name: enumeration.name,
            values: enumeration.values.enumerated().map { index, value in
                Schema.Enumeration.Value(
                    name: value.name, number: value.number,
                    comment: file.source.comment(at: path + [2, Int32(index)]))
            },
            comment: file.source.comment(at: path))
    }
}

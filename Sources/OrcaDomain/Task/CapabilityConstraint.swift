/// One condition on an agent's capabilities: `gpu` (it has the fact), `os=linux` (equal), `memory_gb>=16` (number).
package struct CapabilityConstraint: Sendable, Hashable {
    package enum Comparison: Sendable, Hashable {
        case present
        case equal(String)
        case atLeast(Int64)
    }

    package let name: String
    package let comparison: Comparison

    /// The text it was parsed from, in canonical form.
    package var text: String {
        switch comparison {
        case .present: name
        case .equal(let value): "\(name)=\(value)"
        case .atLeast(let number): "\(name)>=\(number)"
        }
    }

    /// Parses one constraint; `nil` when it is none of the three forms.
    package init?(_ text: String) {
        if let mark = text.range(of: ">=") {
            guard let number = Int64(text[mark.upperBound...]) else { return nil }
            name = String(text[..<mark.lowerBound])
            comparison = .atLeast(number)
        } else if let mark = text.firstIndex(of: "=") {
            name = String(text[..<mark])
            comparison = .equal(String(text[text.index(after: mark)...]))
        } else {
            name = text
            comparison = .present
        }
        let plain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard plain, !name.isEmpty else { return nil }
    }

    package func holds(for facts: [String: String]) -> Bool {
        guard let value = facts[name] else { return false }
        switch comparison {
        case .present: return true
        case .equal(let wanted): return value == wanted
        case .atLeast(let wanted): return Int64(value).map { $0 >= wanted } ?? false
        }
    }
}

extension String {
    /// The first place where `needle` occurs. (The standard library has this only for characters.)
    fileprivate func range(of needle: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}

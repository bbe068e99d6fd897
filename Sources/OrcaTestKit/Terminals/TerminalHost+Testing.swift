import OrcaSupport
package import OrcaTerminal

extension TerminalHost {
    /// Waits until the terminal is as described; answers how it is then, or fails with how it was last.
    @discardableResult
    package func awaitStatus(
        _ handle: String, within limit: Duration = .seconds(20), _ what: String = "",
        _ isSo: (TerminalStatus) -> Bool
    ) async throws -> TerminalStatus {
        let deadline = Deadline.after(limit)
        while true {
            let status = try await status(handle)
            if isSo(status) { return status }
            if deadline.hasPassed {
                throw ContractBreach(description: "terminal did not become \(what): \(status)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    package func awaitIdle(_ handle: String, within limit: Duration = .seconds(20)) async throws {
        try await awaitStatus(handle, within: limit, "idle") { $0.isIdleSinceInput }
    }

    /// Waits until what the terminal wrote contains the text.
    @discardableResult
    package func awaitOutput(
        _ handle: String, _ text: String, within limit: Duration = .seconds(20)
    ) async throws -> TerminalOutput {
        let deadline = Deadline.after(limit)
        while true {
            let output = try await read(handle, .tail(lines: TerminalLimits.linesMax))
            if output.lines.contains(where: { $0.contains(text) }) { return output }
            if deadline.hasPassed {
                throw ContractBreach(description: "'\(text)' did not appear; there is \(output.lines.suffix(20))")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

/// Handles as the server makes them.
package enum TestHandle {
    package static func next() -> String {
        var random = SystemRandomNumberGenerator()
        func hex(_ digits: Int) -> String {
            let text = String(random.next(), radix: 16)
            return String((String(repeating: "0", count: 16) + text).suffix(digits))
        }
        return "term_\(hex(8))-\(hex(4))-4\(hex(3))-a\(hex(3))-\(hex(12))"
    }
}

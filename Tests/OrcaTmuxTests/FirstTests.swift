import OrcaTerminal
import OrcaTestKit
import OrcaTmux
import Testing

@Suite struct FirstTests {
    @Test func aShellCanBeOpenedTypedIntoReadAndClosed() async throws {
        try await TmuxFixture.run { fixture, host in
            let handle = TestHandle.next()
            let facts = try await host.create(
                TerminalSpec(handle: handle, title: "one", directory: fixture.directory))
            #expect(facts.paneID.hasPrefix("%"))
            try await host.awaitIdle(handle)
            let receipt = try await host.inject(
                handle, "echo $((6*7)); echo \"$ORCA_TERMINAL_HANDLE\"", InjectionOptions(guards: .explicit))
            #expect(receipt.stage == .submitted)
            try await host.awaitOutput(handle, "42")
            try await host.awaitOutput(handle, handle)
            try await host.awaitIdle(handle)
            let screen = try await host.screen(handle)
            #expect(screen.rows.contains { $0.contains("42") })
            #expect(try await host.close(handle))
            #expect(await host.list().isEmpty)
        }
    }
}

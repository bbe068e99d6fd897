import Glibc
import OrcaAPI
import OrcaConnect
import OrcaSupport
import OrcaTestKit
import OrcaWorker
import Synchronization
import Testing

@Suite struct ExecTests {
    private func exec(_ shop: Workshop, _ script: String) throws -> ExecCommand.Result {
        let command = ExecCommand(
            task: "T-1", agent: "me", command: ["/bin/sh", "-c", script], directory: shop.root,
            environment: shop.environment, stateDirectory: shop.state, host: "here")
        return try command.run(client: shop.server, stop: shop.stop, observer: shop.observe)
    }

    @Test func aCommandThatSucceedsCompletesItsTask() throws {
        let shop = try Workshop()
        shop.server.add("T-1", contract: [contract(file: "made")])
        let result = try exec(shop, "test \"$ORCA_TASK_REF\" = T-1 && cat \"$ORCA_LEASE_TOKEN_FILE\" > made")
        #expect(result.status == .exited(code: 0) && result.outcome == .completed)
        #expect(shop.server.task("T-1").branch == "main")
        #expect(try Files.readText(shop.root + "/made") == "1\n")
    }

    @Test func aCommandThatFailsFailsItsTask() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        let result = try exec(shop, "exit 9")
        #expect(result.status == .exited(code: 9))
        #expect(result.outcome == .failed(error: "the command ended with exit code 9", isFinal: false))
    }

    @Test func aMissingProgramClaimsNothing() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        let command = ExecCommand(
            task: "T-1", agent: "me", command: ["/no/such"], directory: shop.root, environment: shop.environment,
            stateDirectory: shop.state, host: "here")
        #expect(throws: APIError.self) { try command.run(client: shop.server, stop: shop.stop, observer: shop.observe) }
        #expect(shop.server.task("T-1").status == .ready)
    }

    @Test func aStopEndsTheCommandAndGivesTheTaskBack() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        let stopper = try ManagedThread("stopper") {
            _ = shop.awaitFile(shop.root + "/begun")
            shop.stop.raise()
        }
        let result = try exec(shop, "touch begun; sleep 300")
        stopper.join()
        #expect(result.status == nil && result.outcome == .released)
        #expect(shop.server.task("T-1").status == .ready)
    }

    @Test func aLeaseIsHeldWhileAProcessLives() throws {
        let shop = try Workshop()
        shop.server.setTTL(90)
        shop.server.add("T-1")
        var claim = OrcaV1.ClaimTaskRequest()
        claim.agent = "me"
        _ = try shop.server.call(Operations.claimTask, claim, idempotencyKey: "k")
        let process = try SupervisedProcess(SubprocessCommand("sleep", ["300"], environment: shop.environment))
        let killer = try ManagedThread("killer") {
            let deadline = Deadline.after(.seconds(30))
            while shop.server.calls("RenewLease") < 4, !deadline.hasPassed {
                _ = Poll.readable([], until: .after(.milliseconds(5)))
            }
            process.end(grace: .zero)
        }
        let end = try LeaseHold(task: "T-1", token: 1, pid: process.child.pid)
            .run(client: shop.server, stop: shop.stop, observer: shop.observe)
        killer.join()
        #expect(end == .processEnded)
        #expect(shop.server.calls("RenewLease") >= 4)
    }

    @Test func aLeaseThatIsNotHeldOrAProcessThatIsNotThereIsSaid() throws {
        let shop = try Workshop()
        shop.server.add("T-1")
        #expect(throws: APIError.self) {
            try LeaseHold(task: "T-1", token: 1, pid: getpid()).run(
                client: shop.server, stop: shop.stop, observer: shop.observe)
        }
        #expect(throws: APIError.self) {
            try LeaseHold(task: "T-1", token: 1, pid: Int32.max - 1)
                .run(client: shop.server, stop: shop.stop, observer: shop.observe)
        }
    }
}

import OrcaAPI
import OrcaCLI
import OrcaDomain
import OrcaProtobuf
import OrcaSupport
import Testing

/// The line, the envelope and the exit codes of the contract, on the one command of it that needs no server.
@Suite struct ContractGrammarTests {
    @Test func statusOfNothingIsAnAnswerInJSON() throws {
        let world = FakeWorld()
        world.hasServer = false
        let outcome = world.run("status", "--json")
        #expect(outcome.code == 0)
        #expect(outcome.err.isEmpty)
        #expect(
            outcome.out == """
                {
                  "id": "local-status",
                  "ok": true,
                  "result": {
                    "app": {
                      "running": false,
                      "pid": null
                    },
                    "runtime": {
                      "state": "not_running",
                      "reachable": false,
                      "runtimeId": null
                    },
                    "graph": {
                      "state": "not_running"
                    }
                  },
                  "runtime": {
                    "reachable": false
                  },
                  "_meta": {
                    "runtimeId": "none"
                  }
                }

                """)
    }

    @Test func statusOfARunningServerNamesItsRun() throws {
        let world = FakeWorld()
        world.client.on(Operations.getServerInfo) { _ in
            .with {
                $0.server = .with {
                    $0.pid = 4242
                    $0.instance = "b7"
                    $0.version = ProductVersion.current
                }
            }
        }
        let outcome = world.run("status", "--json")
        let answer = try JSONValue(jsonBytes: Array(outcome.out.utf8))
        #expect(answer["result"]?["app"]?["pid"]?.integerValue == 4242)
        #expect(answer["result"]?["runtime"]?["state"]?.stringValue == "ready")
        #expect(answer["result"]?["server"]?["version"]?.stringValue == ProductVersion.current)
        #expect(answer["_meta"]?["runtimeId"]?.stringValue == "b7")
        #expect(world.run("status").out.hasPrefix("appRunning: true\npid: 4242\nruntimeState: ready\n"))
        #expect(world.run("status").code == 0)
    }

    @Test(arguments: [
        (["status", "now"], "Unknown command: status now"),
        (["status", "--jsn"], "Unknown flag --jsn for command: status"),
        (["status", "--pairing-code", "x"], "Pairing codes are not supported."),
        (["status", "--environment", "x"], "Unknown environment: x"),
    ])
    func mistakesAreToldOnStandardErrorOrInTheEnvelope(words: [String], message: String) throws {
        let world = FakeWorld()
        let text = world.run(words)
        #expect(text.code == 1 && text.out.isEmpty)
        #expect(text.err.hasPrefix(message + "\nNext step: "))
        let outcome = world.run(words + ["--json"])
        #expect(outcome.code == 1 && outcome.err.isEmpty)
        let answer = try JSONValue(jsonBytes: Array(outcome.out.utf8))
        #expect(answer["id"]?.stringValue == "local" && answer["ok"]?.boolValue == false)
        #expect(answer["error"]?["message"]?.stringValue == message)
        #expect(answer["error"]?["data"]?["nextSteps"]?.arrayValue?.isEmpty == false)
        #expect(answer["_meta"]?["runtimeId"] == .null)
    }

    @Test func switchesNeverTakeTheNextWordAndTheLastValueCounts() {
        let world = FakeWorld()
        world.hasServer = false
        #expect(world.run("--json", "status", "--json").code == 0)
        #expect(world.run("status", "--json=true").out.hasPrefix("{"))
        #expect(world.run("status", "--environment", "x", "--environment", "unix:///nowhere").code == 1)
        #expect(world.run("status", "--environment", "x", "--environment=", "--json").code == 0)
    }

    @Test func helpIsThereAndWinsOverMistakes() {
        let world = FakeWorld()
        for words in [["status", "--help"], ["status", "-h"], ["help", "status"], ["status", "--bogus", "--help"]] {
            let outcome = world.run(words)
            #expect(outcome.code == 0 && outcome.out.contains("Usage: orca status"))
        }
    }
}

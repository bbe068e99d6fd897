import OrcaSupport

/// The plugin that reports what OpenCode does. It has no dependencies and never waits for us.
enum OpenCodePlugin {
    private static let mark = "// orca hook plugin"

    static func isOurs(_ bytes: [UInt8]) -> Bool { bytes.starts(with: mark.utf8) }

    static func text(program: String) -> String {
        let path = String(decoding: JSONValue.string(program).jsonBytes(), as: UTF8.self)
        return """
            \(mark): written by `orca hooks install --agent opencode`, removed by `orca hooks uninstall --agent opencode`.
            import { spawn } from "node:child_process"

            const program = \(path)

            const send = (event, fields) => {
              try {
                const relay = spawn(program, ["hook", "--agent", "opencode", "--event", event], {
                  stdio: ["pipe", "ignore", "ignore"],
                  detached: true,
                })
                relay.on("error", () => {})
                relay.stdin.on("error", () => {})
                relay.stdin.end(JSON.stringify(fields))
                relay.unref()
              } catch {}
            }

            export const Orca = async ({ directory }) => {
              // Sessions that another session started: their turns are not the turns of the one a person sees.
              const children = new Set()
              return {
                event: async ({ event }) => {
                  const facts = event.properties ?? {}
                  const session = facts.sessionID ?? facts.info?.id
                  if (event.type === "session.created" && facts.info?.parentID) children.add(session)
                  if (children.has(session)) return
                  const told = { session_id: session, cwd: directory, pid: process.pid }
                  if (event.type === "session.status") {
                    if (facts.status?.type === "busy") send("turn.start", told)
                  } else if (event.type === "session.error") {
                    send(event.type, { ...told, message: facts.error?.data?.message ?? facts.error?.name })
                  } else if (event.type === "permission.asked" || event.type === "permission.updated") {
                    send(event.type, { ...told, message: facts.title })
                  } else if (["session.created", "session.deleted", "session.idle", "permission.replied"].includes(event.type)) {
                    send(event.type, told)
                  }
                },
                "tool.execute.before": async (input) => {
                  send("tool.execute.before", { session_id: input.sessionID, tool: input.tool, cwd: directory, pid: process.pid })
                },
                "tool.execute.after": async (input) => {
                  send("tool.execute.after", { session_id: input.sessionID, tool: input.tool, cwd: directory, pid: process.pid })
                },
              }
            }

            """
    }
}

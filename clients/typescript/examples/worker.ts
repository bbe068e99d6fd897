// A worker: claims ready tasks of a project one after the other, keeps its lease alive while it works, and completes them.
//
//     ORCA_URL=http://127.0.0.1:7717 ORCA_TOKEN=… node dist/examples/worker.js PROJECT [COUNT]
//
// With COUNT it stops after that many tasks, without it never.
import { OrcaClient, OrcaError } from "../src/index.js";
import type { types } from "../src/index.js";

declare const process: { argv: string[]; env: Record<string, string | undefined>; exitCode?: number };

const ttlMs = 30_000;

/** What there is to do goes here. `lost` ends when the task was given to somebody else. */
async function work(task: types.Task, lost: AbortSignal): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  lost.throwIfAborted();
  return `done by TypeScript: ${task.title}`;
}

async function carryOut(orca: OrcaClient, task: types.Task, lease: types.Lease): Promise<void> {
  const held = { task: task.id, token: lease.token };
  const lost = new AbortController();
  const renewal = setInterval(() => {
    orca.renewLease({ ...held, ttlMs }).catch((error: unknown) => {
      // A server that is away for a moment is no reason to stop; a lease that is lost is.
      if (error instanceof OrcaError && error.category === "conflict") lost.abort(error);
    });
  }, ttlMs / 3);
  try {
    await orca.renewLease({ ...held, ttlMs });
    const result = await work(task, lost.signal);
    await orca.completeTask({ ...held, result });
    console.log(`${task.ref} completed`);
  } catch (error) {
    if (lost.signal.aborted) console.log(`${task.ref} was given to somebody else`);
    else await orca.failTask({ ...held, error: String(error) });
  } finally {
    clearInterval(renewal);
  }
}

async function main(): Promise<void> {
  const [project, count] = process.argv.slice(2);
  if (project === undefined) throw new Error("usage: worker PROJECT [COUNT]");
  const orca = new OrcaClient({
    url: process.env["ORCA_URL"] ?? "http://127.0.0.1:7717",
    token: process.env["ORCA_TOKEN"],
    caller: "typescript-worker",
  });
  for (let done = 0; count === undefined || done < Number(count); ) {
    try {
      const claim = await orca.claimTask({ project, agent: "typescript-worker", ttlMs, waitMs: 20_000 });
      await carryOut(orca, claim.task!, claim.lease!);
      done++;
    } catch (error) {
      // Nothing was ready in that time: ask again.
      if (!(error instanceof OrcaError && error.code === "nothing_ready")) throw error;
    }
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof OrcaError ? `${error.code}: ${error.message}` : String(error));
  process.exitCode = 1;
});

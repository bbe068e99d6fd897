// Whether the API keeps what its declarations say: a call without a required value is always refused, and no call is refused for
// the want of another. Answers the exceptions.
const project = "REQ";
await orca.projects.create({ key: project });
await orca.agents.register({ name: "worker", capacity: 500 });
let counter = 0;
const unique = () => `n${++counter}`;
const plan = () => ({ name: unique(), tasks: [{ key: "a", title: "A" }] });
const task = async () => (await orca.tasks.create({ project, title: "x" })).ref;
const held = async () => {
  const ref = await task();
  const { lease } = await orca.tasks.claim({ task: ref, agent: "worker" });
  return { task: ref, token: lease.token };
};
const gate = async () => (await orca.gates.open({ task: await task(), question: "q" })).id;

// A world for each method, so that one value alone can be missing.
const own = {
  "tasks.complete": held, "tasks.fail": held, "tasks.release": held, "tasks.reportProgress": held, "leases.renew": held,
  "gates.resolve": async () => ({ gate: await gate(), resolution: "r" }),
  "gates.get": async () => ({ gate: await gate() }),
  "tasks.addDependency": async () => ({ task: await task(), dependsOn: await task() }),
  "tasks.removeDependency": async () => {
    const edge = { task: await task(), dependsOn: await task() };
    await orca.tasks.addDependency(edge);
    return edge;
  },
  "tasks.override": async () => ({ task: await task(), status: "completed" }),
  "projects.create": async () => ({ key: unique().toUpperCase() }),
  "projects.delete": async () => ({ project: (await orca.projects.create({ key: unique().toUpperCase() })).key }),
  "agents.register": async () => ({ name: unique() }),
  "agents.delete": async () => { const name = unique(); await orca.agents.register({ name }); return { agent: name }; },
  "workspaces.create": async () => ({ name: unique() }),
  "messages.resetOrchestration": async () => ({ scope: "messages" }),
  "plans.import": async () => ({ project, plan: plan() }),
  "tasks.claim": async () => { await task(); return { agent: "worker" }; },
  "tasks.claimTasks": async () => { await task(); return { agent: "worker" }; },
  "leases.get": async () => ({ lease: (await orca.tasks.claim({ task: await task(), agent: "worker" })).lease.id }),
  "tokens.revoke": async () => ({ token: (await orca.tokens.create({ name: unique() })).token.id }),
  "runs.start": async () => { await task(); return { project }; },
  "runs.get": async () => ({ run: (await orca.runs.list({})).runs[0].id }),
  "runs.stop": async () => ({ run: (await orca.runs.list({})).runs[0].id }),
  "attempts.get": async () => { await held(); return { attempt: (await orca.attempts.list({})).attempts[0].id }; },
};
const common = { project, agent: "worker", title: "x", question: "q", name: "x", path: "/nowhere", event: "stop" };
// What cannot be had here: worktrees, terminals, mailboxes, offers and other servers. Only their refusals are looked at.
const beyond = /^(terminals|worktrees|repos|messages|questions|dispatches)\.|dispatch|acceptOffer|submitPlan|^server\.forget$/;
// The last: marking the answer of a question that is not there is no mistake.
const never = new Set(["server.stop", "events.watch", "workspaces.delete", "messages.markAnswer"]);

const wrong = [];
for (const line of (await orca.help()).split("\n")) {
  const found = /^orca\.(\w+)\.(\w+)\((?:args\??: \{ (.*) \})?\): Promise/.exec(line);
  if (!found) continue;
  const [, noun, verb, fields = ""] = found;
  const name = `${noun}.${verb}`;
  if (never.has(name)) continue;
  const required = [...fields.matchAll(/(?:^|, )(\w+): /g)].map((match) => match[1]);
  const world = async () => {
    if (own[name]) return own[name]();
    const made = {};
    for (const field of required) made[field] = field === "task" ? await task() : common[field] ?? "none";
    return made;
  };
  for (const missing of required) {
    const { [missing]: _, ...rest } = await world();
    try { await orca[noun][verb](rest); wrong.push(`${name} does without ${missing}`); } catch (error) {
      if (error.code === "unknown_method") wrong.push(`${name}: ${error.message}`);
    }
  }
  if (beyond.test(name)) continue;
  const whole = await world();
  const given = Object.fromEntries(Object.entries(whole).filter(([field]) => required.includes(field)));
  try { await orca[noun][verb](given); } catch (error) { wrong.push(`${name} wants more: ${error.code} ${error.message}`); }
}
return wrong;

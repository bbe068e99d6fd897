"""Drives Orca with the official client of the Model Context Protocol.

usage: mcp_client.py TARGET MODE      TARGET is the program orca, or the server's socket for HTTP
                                      MODE is auto (newest revision) or legacy (handshake)
Prints what it found as one JSON object.
"""

import asyncio
import json
import os
import sys

import anyio
import httpx2
from mcp import MCPError, StdioServerParameters
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import ElicitResult

FLOW = """
const parser = await orca.tasks.create({project: "API", title: "Write the parser"});
const docs = await orca.tasks.create({project: "API", title: "Document it"});
await orca.tasks.addDependency({task: docs.ref, dependsOn: parser.ref});
const {task, lease} = await orca.tasks.claim({project: "API", agent: "robot"});
await orca.tasks.complete({task: task.ref, token: lease.token, result: "Done"});
const next = await orca.tasks.claim({project: "API", agent: "robot"});
console.log("claimed", next.task.ref);
return [parser.ref, docs.ref, task.ref, next.task.ref];
"""
ASKING = """
const {ref} = await orca.tasks.create({project: "API", title: "asking", labels: ["asking"]});
const said = await orca.user.ask({question: "Deploy?", options: ["yes", "no"]});
return [said.answer, (await orca.tasks.listAll({project: "API", label: "asking"})).length];
"""
ENDLESS = 'for (;;) { await orca.tasks.create({project: "API", title: "tick"}); await sleep(100); }'
GROWTH = """
const count = async () =>
  Object.values((await orca.projects.get("API")).taskCounts).reduce((sum, number) => sum + number, 0);
const before = await count();
await sleep(400);
return {before, grows: before !== await count()};
"""


async def cancel(client: Client) -> bool:
    """Whether a script that did something ends when its request is given up."""
    with anyio.move_on_after(1.0):
        await client.call_tool("execute", {"code": ENDLESS})
    with anyio.fail_after(15):
        while True:
            seen = (await client.call_tool("execute", {"code": GROWTH})).structured_content["result"]
            if not seen["grows"]:
                return seen["before"] > 2


async def answer(context: object, params: object) -> ElicitResult:
    asked.append(params.message)
    return ElicitResult(action="accept", content={"answer": "yes"})


asked: list[str] = []


def connection(target: str, mode: str) -> Client:
    if target.endswith(".sock"):
        http = httpx2.AsyncClient(transport=httpx2.AsyncHTTPTransport(uds=target), timeout=60)
        return Client(streamable_http_client("http://localhost/mcp", http_client=http), mode=mode, elicitation_callback=answer)
    program = StdioServerParameters(command=target, args=["mcp"], env=dict(os.environ))
    return Client(program, mode=mode, elicitation_callback=answer)


async def main(target: str, mode: str) -> None:
    found: dict[str, object] = {}
    async with connection(target, mode) as client:
        found["revision"] = client.protocol_version
        tools = (await client.list_tools()).tools
        found["tools"] = [tool.name for tool in tools]
        found["description"] = len(tools[0].description)
        found["hasMethods"] = "addDependency({task, dependsOn" in tools[0].description
        uris = [str(resource.uri) for resource in (await client.list_resources()).resources]
        found["resources"] = len(uris)
        found["texts"] = all([(await client.read_resource(uri)).contents[0].text for uri in uris])

        progress: list[int] = []

        async def on_progress(count: float, total: float | None, message: str | None) -> None:
            progress.append(int(count))

        flow = await client.call_tool("execute", {"code": FLOW}, progress_callback=on_progress)
        found["flow"] = flow.structured_content
        found["flowIsError"] = flow.is_error
        found["progress"] = progress
        failed = await client.call_tool("execute", {"code": "1;\nawait orca.tasks.get('API-999')"})
        found["failure"] = failed.structured_content["error"]
        found["failureIsError"] = failed.is_error
        wrong = await client.call_tool("execute", {"kode": "1"})
        found["wrong"] = wrong.structured_content["error"]["field"]
        search = await client.call_tool("search", {"query": "claim task"})
        found["search"] = [method["name"] for method in search.structured_content["methods"]]
        try:
            await client.call_tool("rm", {})
        except MCPError as error:
            found["unknownTool"] = error.code
        question = await client.call_tool("execute", {"code": ASKING})
        found["answer"] = question.structured_content.get("result")
        found["asked"] = asked
        found["cancels"] = await cancel(client)
        if mode == "auto":
            async with client.listen(tools_list_changed=True) as subscription:
                found["honored"] = subscription.honored.model_dump(exclude_none=True)
    print(json.dumps(found))


asyncio.run(main(sys.argv[1], sys.argv[2]))

"""Speaks to /mcp byte by byte, as no client would, and checks what the official client cannot.

usage: mcp_http.py PORT TOKENS       TOKENS is a folder with tokens: coordinator, read_only, and worker for a task
                                     of the workspace side
Prints the names of the checks that failed, one a line.
"""

import http.client
import json
import pathlib
import socket
import sys
import threading

PORT = int(sys.argv[1])
TOKEN = {path.name: path.read_text().strip() for path in pathlib.Path(sys.argv[2]).iterdir()}
NEW, OLD = "2026-07-28", "2025-11-25"
TASKS = "io.modelcontextprotocol/tasks"
FORMS = {"elicitation": {"form": {}}}
FOLLOWS = {"extensions": {TASKS: {}}}
PATIENCE = 30


class Events:
    """The answer to a POST, read as it comes."""

    def __init__(self, path, headers, body):
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)
        self.connection.request("POST", path, json.dumps(body), headers)
        self.response = self.connection.getresponse()
        self.type = self.response.getheader("Content-Type", "")

    def __iter__(self):
        for line in self.response:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])

    def close(self):
        self.connection.sock and self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.connection.close()


def headers(token="coordinator", **more):
    fields = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    if token:
        fields["Authorization"] = "Bearer " + TOKEN.get(token, token)
    return fields | {name.replace("_", "-"): value for name, value in more.items() if value is not None}


def post(body, path="/mcp", method="POST", **options):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)
    connection.request(method, path, None if body is None else json.dumps(body), headers(**options))
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.status, json.loads(text) if text.startswith(b"{") else {}, response


def modern(method, params=None, capabilities=None, id=1, **options):
    meta = {
        "io.modelcontextprotocol/protocolVersion": NEW,
        "io.modelcontextprotocol/clientCapabilities": capabilities or {},
    }
    params = dict(params or {})
    params["_meta"] = meta | params.get("_meta", {})
    name = params.get("name") or params.get("uri") or params.get("taskId")
    fields = {"MCP_Protocol_Version": NEW, "Mcp_Method": method, "Mcp_Name": name} | options
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": params}, fields


def ask(method, params=None, capabilities=None, path="/mcp", **options):
    body, fields = modern(method, params, capabilities, **options)
    return post(body, path, **fields)


def execute(code, **arguments):
    return {"name": "execute", "arguments": {"code": code} | arguments}


def value(answer):
    return answer[1]["result"]["structuredContent"]["result"]


def legacy(capabilities=None, revision=OLD, **options):
    hello = {"protocolVersion": revision, "capabilities": capabilities or {}, "clientInfo": {"name": "t", "version": "1"}}
    status, body, response = post({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello}, **options)
    assert status == 200, body
    return response.getheader("Mcp-Session-Id")


def rpc(method, params=None, id=1):
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": params or {}}


CHECKS = []


def check(body):
    CHECKS.append(body)
    return body


# MARK: Who may


@check
def a_token_is_needed_and_must_be_right():
    body, fields = modern("tools/list")
    assert post(body, token=None, **fields)[0] == 401
    assert post(body, token="orca_wrong", **fields)[0] == 401
    assert post(body, **fields)[0] == 200


@check
def a_token_that_may_read_reads_and_writes_nothing():
    assert value(ask("tools/call", execute("(await orca.tasks.list({project: 'API'})).tasks.length"), token="read_only")) >= 0
    status, body, _ = ask("tools/call", execute("await orca.tasks.create({project: 'API', title: 'x'})"), token="read_only")
    result = body["result"]
    assert status == 200 and result["isError"], body
    assert result["structuredContent"]["error"]["code"] == "permission_denied", body


@check
def web_pages_of_other_origins_and_other_names_are_refused():
    body, fields = modern("tools/list")
    assert post(body, **fields, Origin="http://evil.example")[0] == 403
    assert post(body, **fields, Host="evil.example")[0] == 403
    assert post(body, **fields, Origin=f"http://127.0.0.1:{PORT}")[0] == 200


# MARK: Workspaces


@check
def a_workspace_is_named_in_the_address_or_in_a_field():
    code = execute("(await orca.projects.list({})).projects.map((project) => project.key)")
    assert value(ask("tools/call", code)) == ["API"]
    assert value(ask("tools/call", code, path="/mcp?workspace=side")) == ["SIDE"]
    assert value(ask("tools/call", code, Orca_Workspace="side")) == ["SIDE"]
    assert value(ask("tools/call", code, path="/mcp?workspace=side", Orca_Workspace="side")) == ["SIDE"]
    assert ask("tools/call", code, path="/mcp?workspace=side", Orca_Workspace="default")[0] == 400
    assert ask("tools/call", code, path="/mcp?workspace=")[0] == 400
    missing = ask("tools/call", code, path="/mcp?workspace=nowhere")[1]["result"]
    assert missing["isError"] and missing["structuredContent"]["error"]["code"] == "workspace_not_found", missing


@check
def a_token_for_one_task_does_not_reach_another_workspace():
    code = execute("(await orca.projects.list({})).projects.map((project) => project.key)")
    assert value(ask("tools/call", code, path="/mcp?workspace=side", token="worker")) == ["SIDE"]
    assert ask("tools/call", code, token="worker")[1]["result"]["isError"]


# MARK: Methods, fields, eras


@check
def other_methods_have_their_status():
    assert post(None, method="GET")[0] == 405
    assert post(None, method="DELETE")[0] == 405
    assert post(None, method="PUT")[0] == 405
    assert ask("frobnicate")[0] == 404
    body, fields = modern("tools/list")
    assert post(body, **(fields | {"Mcp_Method": None}))[1]["error"]["code"] == -32020


@check
def sessions_are_opened_needed_and_ended():
    for revision in ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"):
        session = legacy(revision=revision)
        fields = {"MCP_Protocol_Version": revision}
        assert post(rpc("tools/list"), **fields)[0] == 400
        assert post(rpc("tools/list"), Mcp_Session_Id="nonsense", **fields)[0] == 404
        assert post(rpc("tools/list"), Mcp_Session_Id=session, token="read_only", **fields)[0] == 404
        assert len(post(rpc("tools/list"), Mcp_Session_Id=session, **fields)[1]["result"]["tools"]) == 2
        # Both eras on one endpoint.
        assert ask("tools/list")[1]["result"]["resultType"] == "complete"
        notification = {"jsonrpc": "2.0", "method": "notifications/initialized"}
        assert post(notification, Mcp_Session_Id=session, **fields)[0] == 202
        assert post(None, method="DELETE", Mcp_Session_Id=session)[0] == 200
        assert post(rpc("tools/list"), Mcp_Session_Id=session, **fields)[0] == 404


# MARK: Events


@check
def progress_comes_as_events_before_the_answer():
    code = "for (let i = 0; i < 3; i++) { await orca.server.getInfo(); await sleep(50); } 7"
    body, fields = modern("tools/call", execute(code) | {"_meta": {"progressToken": "p"}})
    events = Events("/mcp", headers(**fields), body)
    assert events.type == "text/event-stream", events.type
    assert events.response.getheader("X-Accel-Buffering") == "no"
    seen = list(events)
    counts = [event["params"]["progress"] for event in seen[:-1]]
    assert counts == sorted(counts) and counts[0] == 0 and counts[-1] == 3 and len(counts) > 2, counts
    assert all(event["params"]["progressToken"] == "p" for event in seen[:-1])
    assert seen[-1]["result"]["structuredContent"]["result"] == 7


@check
def who_takes_no_events_gets_one_answer():
    body, fields = modern("tools/call", execute("7") | {"_meta": {"progressToken": "p"}})
    status, answer, response = post(body, **fields, Accept="application/json")
    assert status == 200 and response.getheader("Content-Type").startswith("application/json")
    assert value((status, answer)) == 7


COUNT = "(await orca.tasks.listAll({project: 'API', label: LABEL})).length"
ENDLESS = "for (;;) { await orca.tasks.create({project: 'API', title: 'tick', labels: [LABEL]}); await sleep(20); }"


def grows(label):
    code = COUNT.replace("LABEL", repr(label))
    before, between = f"const a = {code}; await sleep(300); const b = {code}; return [a, b];", None
    return value(ask("tools/call", execute(before)))


def until_it_rests(label):
    for _ in range(40):
        before, after = grows(label)
        if before == after:
            assert before > 0, "it never began"
            return
    raise AssertionError("the script goes on")


@check
def closing_the_answer_ends_the_script():
    body, fields = modern("tools/call", execute(ENDLESS.replace("LABEL", "'close'")) | {"_meta": {"progressToken": 1}})
    events = Events("/mcp", headers(**fields), body)
    for event in events:
        if event["params"]["progress"] >= 2:
            break
    events.close()
    until_it_rests("close")


@check
def a_session_cancels_its_own_calls_and_no_others():
    session, other = legacy(), legacy()
    body = rpc("tools/call", execute(ENDLESS.replace("LABEL", "'cancel'")) | {"_meta": {"progressToken": 1}}, id=77)
    events = Events("/mcp", headers(Mcp_Session_Id=session), body)
    stream = iter(events)
    while next(stream)["params"]["progress"] < 2:
        pass
    cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 77}}
    again = post(body, Mcp_Session_Id=session, Accept="application/json")[1]
    assert again["error"]["code"] == -32600, again
    assert post(cancel, Mcp_Session_Id=other)[0] == 202
    assert post(cancel)[0] == 202
    before = next(stream)["params"]["progress"]
    assert next(stream)["params"]["progress"] > before, "somebody else has cancelled it"
    assert post(cancel, Mcp_Session_Id=session)[0] == 202
    assert all("result" not in event for event in stream), "there was an answer"
    until_it_rests("cancel")


# MARK: Questions

ASKING = """
const {ref} = await orca.tasks.create({project: 'API', title: 'asking', labels: [LABEL]});
const said = await orca.user.ask({question: 'Deploy ' + ref + '?', options: ['yes', 'no']});
return [said.answer ?? said.reason, (await orca.tasks.listAll({project: 'API', label: LABEL})).length];
"""


@check
def a_stateless_client_calls_again_with_the_answer():
    call = execute(ASKING.replace("LABEL", "'stateless'"))
    first = ask("tools/call", call, FORMS)[1]["result"]
    assert first["resultType"] == "input_required", first
    assert first["inputRequests"]["answer"]["params"]["message"].startswith("Deploy API-")
    more = {
        "requestState": first["requestState"],
        "inputResponses": {"answer": {"action": "accept", "content": {"answer": "yes"}}},
    }
    assert ask("tools/call", call | more, FORMS, token="read_only")[1]["error"]["code"] == -32602
    forged = more | {"requestState": more["requestState"][:-3] + "AAA"}
    assert ask("tools/call", call | forged, FORMS)[1]["error"]["code"] == -32602
    # The task that the first run made was not made again.
    assert value(ask("tools/call", call | more, FORMS)) == ["yes", 1]
    assert ask("tools/call", call | more, FORMS)[1]["error"]["code"] == -32602


@check
def a_session_is_asked_over_its_events():
    session, other = legacy(FORMS), legacy(FORMS)
    body = rpc("tools/call", execute(ASKING.replace("LABEL", "'session'")), id=5)
    events = Events("/mcp", headers(Mcp_Session_Id=session), body)
    stream = iter(events)
    question = next(stream)
    assert question["method"] == "elicitation/create" and question["params"]["mode"] == "form", question
    reply = {"jsonrpc": "2.0", "id": question["id"], "result": {"action": "accept", "content": {"answer": "no"}}}
    wrong = reply | {"result": {"action": "decline"}}
    assert post(wrong, Mcp_Session_Id=other)[0] == 202
    assert post(wrong)[0] == 202
    assert post(reply, Mcp_Session_Id=session)[0] == 202
    assert next(stream)["result"]["structuredContent"]["result"] == ["no", 1]


@check
def without_a_user_a_task_gets_a_gate():
    code = """
    const {ref} = await orca.tasks.create({project: 'API', title: 'gated'});
    return await orca.user.ask({question: 'Really?', task: ref});
    """
    said = value(ask("tools/call", execute(code)))
    assert said["answered"] is False and said["reason"] == "waiting" and said["gate"], said
    nobody = ask("tools/call", execute("await orca.user.ask('Really?')"))[1]["result"]["structuredContent"]
    assert nobody["error"]["code"] == "no_user", nobody


# MARK: What takes long


def new_task():
    return value(ask("tools/call", execute("(await orca.tasks.create({project: 'API', title: 'long'})).ref")))


@check
def a_wait_is_a_task_that_is_told_about():
    ref = new_task()
    wait = {"name": "wait", "arguments": {"task": ref}}
    assert ask("tools/call", wait)[1]["error"]["code"] == -32021
    handle = ask("tools/call", wait, FOLLOWS)[1]["result"]
    assert handle["resultType"] == "task" and handle["status"] == "working", handle
    listen, fields = modern("subscriptions/listen", {"notifications": {"taskIds": [handle["taskId"]]}}, FOLLOWS, id=3)
    events = Events("/mcp", headers(**fields), listen)
    stream = iter(events)
    acknowledged = next(stream)
    assert acknowledged["params"]["notifications"] == {"taskIds": [handle["taskId"]]}, acknowledged
    assert next(stream)["params"]["status"] == "working"
    cancel = execute(f"await orca.tasks.cancel({{task: '{ref}', reason: 'enough'}})")
    assert ask("tools/call", cancel)[1]["result"]["isError"] is False
    news = next(stream)
    assert news["method"] == "notifications/tasks" and news["params"]["status"] == "completed", news
    assert news["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"] == 3
    events.close()
    ended = ask("tasks/get", {"taskId": handle["taskId"]}, FOLLOWS)[1]["result"]
    assert ended["status"] == "completed" and ended["result"]["structuredContent"]["status"] == "canceled", ended
    assert ask("tasks/get", {"taskId": "wait-none"}, FOLLOWS)[1]["error"]["code"] == -32602


@check
def a_gate_is_answered_through_its_task():
    code = f"(await orca.gates.open({{task: '{new_task()}', question: 'Go?', options: ['yes', 'no'], audience: 'user'}})).id"
    gate = value(ask("tools/call", execute(code)))
    both = FOLLOWS | FORMS
    handle = ask("tools/call", {"name": "wait", "arguments": {"gate": gate}}, both)[1]["result"]
    assert handle["status"] == "input_required", handle
    open_ = ask("tasks/get", {"taskId": handle["taskId"]}, both)[1]["result"]
    assert open_["inputRequests"]["answer"]["params"]["message"] == "Go?"
    update = {"taskId": handle["taskId"], "inputResponses": {"answer": {"action": "accept", "content": {"answer": "yes"}}}}
    assert "error" in ask("tasks/update", update, both, token="read_only")[1]
    assert "result" in ask("tasks/update", update, both)[1]
    ended = ask("tasks/get", {"taskId": handle["taskId"]}, both)[1]["result"]
    assert ended["status"] == "completed" and ended["result"]["structuredContent"]["answer"] == "yes", ended


@check
def fifty_clients_at_once_get_their_own_answers():
    answers = {}

    def one(number):
        answers[number] = value(ask("tools/call", execute(f"{number} * 2")))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: number * 2 for number in range(50)}


for body in CHECKS:
    try:
        body()
    except Exception as error:  # every check is to be seen
        print(f"{body.__name__}: {type(error).__name__} {error}")

#!/usr/bin/env python3
"""A model server for real agents: answers the Messages, the Responses and the Chat Completions APIs on loopback.

A prompt with a dispatch preamble is answered by a tool call that runs the command the preamble asks for at the end; one that
asks for a script by a call of Orca's `execute` with it, and by what that answered; everything else by one sentence.
"""

import http.server
import json
import re
import socketserver
import sys

REPORT = re.compile(
    r"orca orchestration send --to (\S+) --type worker_done .*?--task-id (\S+) --dispatch-id (ctx_\S+)", re.S
)
SCRIPT = re.compile(r"Run this script:\n(.*?)\nEnd of the script\.", re.S)
SENTENCE = "Hello from the script."


def texts(request):
    """What was said, oldest first, with who said it; results of tools as said by `tool`."""
    for message in request.get("messages") or request.get("input") or []:
        if not isinstance(message, dict):
            continue
        if message.get("type") == "function_call_output":
            yield "tool", json.dumps(message.get("output"))
        content = message.get("content")
        if isinstance(content, str):
            yield message.get("role"), content
        for part in content if isinstance(content, list) else []:
            if part.get("type") == "tool_result":
                yield "tool", json.dumps(part.get("content"))
            elif "text" in part:
                yield message.get("role"), part["text"]


def command(request):
    said = list(texts(request))
    if not request.get("tools") or any(who == "tool" for who, _ in said[-3:]):
        return None
    for _, text in reversed(said):
        found = REPORT.search(text)
        if found:
            to, task, dispatch = found.groups()
            return (
                f'orca orchestration send --to {to} --type worker_done --subject Done --body "I did it." '
                f"--task-id {task} --dispatch-id {dispatch} --json"
            )
    return None


def tool(request):
    """The name and the namespace of `execute`, as this agent calls the tools of a server."""
    for entry in request.get("tools") or []:
        if entry.get("type") == "namespace" and "orca" in entry.get("name", ""):
            return "execute", entry["name"]
        if re.fullmatch(r"mcp__orca_*execute", entry.get("name") or ""):
            return entry["name"], None
    return None


def script(request):
    """The script to be run, with its tool; `None` when there is none, or when it was run."""
    said = list(texts(request))
    found = [SCRIPT.search(text) for who, text in said if who == "user"]
    if not any(found) or any(who == "tool" for who, _ in said[-3:]) or not tool(request):
        return None
    return tool(request), {"code": next(match.group(1) for match in reversed(found) if match)}


def sentence(request):
    said = list(texts(request))
    asked = any(who == "user" and SCRIPT.search(text) for who, text in said)
    results = [text for who, text in said if who == "tool"]
    if not asked:
        return SENTENCE
    return "The script answered: " + results[-1] if results else "There is no tool for it: " + json.dumps(
        [entry.get("name") for entry in request.get("tools") or []])


def event(kind, **fields):
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, body, kind="application/json"):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_HEAD(self):
        self.send(b"")

    def do_GET(self):
        self.send(b"{}")

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if "count_tokens" in self.path:
            self.send(b'{"input_tokens":10}')
        elif "responses" in self.path:
            self.send(self.responses_api(request).encode(), "text/event-stream")
        elif "chat/completions" in self.path:
            self.chat_api(request)
        else:
            self.messages_api(request)

    def responses_api(self, request):
        line = command(request)
        if line:
            names = [tool.get("name") for tool in request["tools"]]
            name = next(name for name in ("exec_command", "shell_command") if name in names)
            key = "cmd" if name == "exec_command" else "command"
            item = {
                "type": "function_call", "id": "f1", "call_id": "c1", "name": name,
                "arguments": json.dumps({key: line}),
            }
        elif script(request):
            (name, namespace), arguments = script(request)
            item = {
                "type": "function_call", "id": "f1", "call_id": "c1", "name": name, "arguments": json.dumps(arguments),
                **({"namespace": namespace} if namespace else {}),
            }
        else:
            item = {
                "type": "message", "role": "assistant", "id": "m1",
                "content": [{"type": "output_text", "text": sentence(request)}],
            }
        usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
        return (
            event("response.created", response={"id": "r1"})
            + event("response.output_item.done", output_index=0, item=item)
            + event("response.completed", response={"id": "r1", "output": [item], "usage": usage})
        )

    def chat_api(self, request):
        def answer(kind, **choice):
            return {
                "id": "c1", "object": kind, "created": 1, "model": request.get("model", "x"),
                "choices": [{"index": 0, "finish_reason": "stop", **choice}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }

        said = {"role": "assistant", "content": SENTENCE}
        if request.get("stream"):
            chunk = json.dumps(answer("chat.completion.chunk", delta=said))
            self.send(f"data: {chunk}\n\ndata: [DONE]\n\n".encode(), "text/event-stream")
        else:
            self.send(json.dumps(answer("chat.completion", message=said)).encode())

    def messages_api(self, request):
        line = command(request)
        block, start, delta, reason = (
            {"type": "text", "text": sentence(request)}, {"type": "text", "text": ""},
            {"type": "text_delta", "text": sentence(request)}, "end_turn",
        )
        if line or script(request):
            name, arguments = ("Bash", {"command": line, "description": "report"})
            if not line:
                (name, _), arguments = script(request)
            block = {"type": "tool_use", "id": "toolu_1", "name": name, "input": arguments}
            start = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
            reason = "tool_use"
        message = {
            "id": "msg_1", "type": "message", "role": "assistant", "model": request.get("model", "x"), "content": [],
            "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 1, "output_tokens": 1},
        }
        if not request.get("stream"):
            message.update(content=[block], stop_reason=reason)
            self.send(json.dumps(message).encode())
            return
        text = (
            event("message_start", message=message)
            + event("content_block_start", index=0, content_block=start)
            + event("content_block_delta", index=0, delta=delta)
            + event("content_block_stop", index=0)
            + event(
                "message_delta", delta={"stop_reason": reason, "stop_sequence": None}, usage={"output_tokens": 5}
            )
            + event("message_stop")
        )
        self.send(text.encode(), "text/event-stream")


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()

#!/usr/bin/env python3
"""A language model that follows a script, on loopback, for agents that speak the chat completions API.

    scripted_model.py PORT_FILE STEP_FILE

It finds the ids it needs in the prompt. On a task it edits `calc.py` and leaves a question to be asked as STEP_FILE, which the
agent runs as its test; on the answer it finishes the work and leaves the report there.
"""
import http.server
import json
import os
import re
import sys

PORT_FILE, STEP_FILE = sys.argv[1:3]
known = {}


def step(text):
    with open(STEP_FILE + ".new", "w") as file:
        file.write("#!/bin/sh\n" + text + "\n")
    os.chmod(STEP_FILE + ".new", 0o755)
    os.rename(STEP_FILE + ".new", STEP_FILE)


def edit(before, after):
    return f"calc.py\n```python\n<<<<<<< SEARCH\n{before}\n=======\n{after}\n>>>>>>> REPLACE\n```\n"


def answer(system, text):
    """What the model says to the newest message of the user."""
    if "SEARCH/REPLACE" not in system:
        # Asked for the words of a commit, or for a summary of what was said.
        return "Add combine"
    if "=== TASK ===" in text:
        known["to"] = re.search(r"--to (\S+) --type worker_done", text).group(1)
        known["ids"] = re.search(r"--task-id \S+ --dispatch-id \S+", text).group(0)
        # A test that fails hands what it printed back to the model.
        step(f"orca orchestration ask --to {known['to']} --question 'Which operator?' --options plus,minus --json; exit 1")
        return "I add the function and ask for the operator.\n\n" + edit(
            "# functions", "# functions\ndef combine(a, b):\n    raise NotImplementedError")
    found = re.search(r'"answer":\s*"(\w+)"', text)
    if found:
        sign = {"plus": "+", "minus": "-"}.get(found.group(1), "?")
        step(
            f"orca orchestration send --to {known['to']} --type worker_done --subject combine --body 'Combined with {sign}.' "
            f"{known['ids']} --files-modified calc.py")
        return "The answer is here.\n\n" + edit("    raise NotImplementedError", f"    return a {sign} b")
    return "There is nothing to do."


class Model(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        users = [m for m in request["messages"] if m["role"] == "user"]
        content = users[-1]["content"]
        if not isinstance(content, str):
            content = "".join(part.get("text", "") for part in content)
        system = " ".join(str(m["content"]) for m in request["messages"] if m["role"] == "system")
        words = answer(system, content)
        if request.get("stream"):
            self.stream(words)
        else:
            message = {"role": "assistant", "content": words}
            self.reply("application/json", json.dumps(self.body("chat.completion", message=message)).encode())

    def body(self, kind, **choice):
        return {"id": "scripted", "object": kind, "created": 0, "model": "scripted",
                "choices": [{"index": 0, "finish_reason": "stop", **choice}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}

    def stream(self, words):
        parts = [words[i:i + 40] for i in range(0, len(words), 40)]
        events = [{"index": 0, "delta": {"role": "assistant", "content": part}, "finish_reason": None} for part in parts]
        events.append({"index": 0, "delta": {}, "finish_reason": "stop"})
        lines = []
        for event in events:
            chunk = self.body("chat.completion.chunk")
            chunk["choices"] = [event]
            lines.append(f"data: {json.dumps(chunk)}\n\n")
        self.reply("text/event-stream", ("".join(lines) + "data: [DONE]\n\n").encode())

    def reply(self, kind, body):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
with open(PORT_FILE + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()

#!/usr/bin/env python3
"""Plays a coding agent in a terminal: titles, screens and modes as they were recorded of the real ones.

    fake_agent.py STYLE LOG [WORK]

Every prompt that is submitted goes to LOG as a line of JSON, and so does every change of what the agent truly does, with
CLOCK_BOOTTIME milliseconds. What a prompt says decides on the turn: `ask` shows a permission dialog, `silent` repaints
nothing for a while in the middle of the work, `flicker` shows the idle title for a moment, `esc` works until Escape,
`limit` shows a rate limit, `die` ends the program, `quick` works for an instant. Anything else is a short turn; when
there is a program WORK, it gets the prompt on standard input, and the turn lasts as long as it does.
"""
import json
import os
import select
import subprocess
import sys
import termios
import time
import tty

STYLE, LOG = sys.argv[1], sys.argv[2]
WORK = sys.argv[3] if len(sys.argv) > 3 else None
BRAILLE = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
ASK_CLAUDE = ["Bash command", "  rm -rf build", "Do you want to proceed?", "❯ 1. Yes", "  2. No", "Esc to cancel"]

STYLES = {
    # Titles that move while it works.
    "claude": dict(idle="✳ Fix the build", work=lambda n: f"{'⠂⠐'[n % 2]} Fix the build", ask="✳ Fix the build",
                   busy=lambda n: [f"{'✻✽✢'[n % 3]} Burrowing… ({n}s · ↓ 156 tokens · esc to interrupt)"],
                   done=["✻ Worked for 3s"], prompt="❯ ", dialog=ASK_CLAUDE, boot=["Welcome to Claude Code"]),
    # The title never changes.
    "claude-static": dict(idle="✳ Claude Code", work=lambda n: "✳ Claude Code", ask="✳ Claude Code",
                          busy=lambda n: [f"{'✻✽✢'[n % 3]} Burrowing… ({n}s · esc to interrupt)"],
                          done=["✻ Worked for 3s"], prompt="❯ ", dialog=ASK_CLAUDE, boot=["Welcome to Claude Code"]),
    "codex": dict(idle="project", work=lambda n: f"{BRAILLE[n % 10]} project",
                  ask=lambda n: f"[ {'!.'[n % 2]} ] Action Required project",
                  busy=lambda n: [f"• Working ({n}s • esc to interrupt)"], done=["• Done."], prompt="› ",
                  dialog=["Would you like to run the following command?", "› 1. Yes, proceed", "  2. No"],
                  boot=[">_ OpenAI Codex (v0.50.0)", "model: gpt-5", "directory: ~/project"]),
    "gemini": dict(idle="◇  Ready (dir)".ljust(80), work=lambda n: "✦  Working… (dir)".ljust(80),
                   ask="✋  Action Required (dir)".ljust(80), quiet="⏲  Working… (dir)".ljust(80),
                   busy=lambda n: [f"⠏ Thinking… (esc to cancel, {n}s)"], done=["✦ Done."], prompt="> ",
                   dialog=["Allow execution of: 'rm'?", "● 1. Yes, allow once", "  2. No (esc)"], boot=["Gemini CLI"]),
    "opencode": dict(idle="OC | Fix the build", work=lambda n: "OC | Fix the build", ask="OC | Fix the build",
                     busy=lambda n: ["■■■⬝⬝  esc interrupt"], done=["Done."], prompt="> ",
                     dialog=["△ Permission required", "  Allow once   Reject"], boot=["opencode"]),
    "droid": dict(idle=None, work=None, ask=None, busy=lambda n: [f"⠋ Thinking… (Press ESC to stop) esc to stop"],
                  done=["Done."], prompt="> ", dialog=["EXECUTE rm", "> Yes, allow", "  No, cancel"], boot=["Droid"]),
    "cursor": dict(idle=None, work=None, ask=None, busy=lambda n: [f"⬡ Generating {n}s", "ctrl+c to stop"],
                   done=["Done."], prompt="→ ", dialog=["Run this command?", "  Run (y)   Reject (n)"],
                   boot=["Cursor Agent"]),
    "mistral-vibe": dict(idle="Vibe", work=lambda n: ">> Vibe", ask="Vibe",
                         busy=lambda n: [f"Generating… ({n}s Esc/Ctrl+C to interrupt)"], done=["Done."], prompt="> ",
                         dialog=["bash: rm", "  Yes", "  Always allow"], boot=["Mistral Vibe"], state7501=True),
    # Line by line, without a screen of its own.
    "aider": dict(idle=None, work=None, ask=None, busy=lambda n: ["Waiting for openai/scripted"], done=["Applied edit"],
                  prompt="> ", dialog=["Run shell command? (Y)es/(N)o [Yes]:"], boot=["Aider v0.86.2"], lines=True),
}
S = STYLES[STYLE]
log = open(LOG, "a", buffering=1)


def now():
    return int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000)


def truth(state):
    log.write(json.dumps({"t": now(), "state": state}) + "\n")


def out(text):
    os.write(1, text.encode())


def title(value, n=0):
    if callable(value):
        value = value(n)
    if value is not None:
        out(f"\x1b]0;{value}\x07")


def screen(rows, typed="", prompt=True):
    if S.get("lines"):
        return
    frame = ["\x1b[2J\x1b[H"] + [row + "\r\n" for row in rows]
    if prompt:
        frame += ["\r\n", "─" * 40 + "\r\n", S["prompt"]]
        text = typed if len(typed) < 200 and "\n" not in typed else f"[Pasted text #1 +{typed.count(chr(10))} lines]"
        frame += [text]
    out("".join(frame))


def state7501(word):
    if S.get("state7501"):
        out(f"\x1b]7501;state={word}:app=vibe\x07")


class Input:
    """Keys and pastes, however they are cut."""

    def __init__(self):
        self.bytes = b""
        self.typed = ""
        self.paste = None

    def read(self, seconds):
        """Answers `submit`, `escape`, `interrupt`, `text` or None when the time is up."""
        until = time.monotonic() + seconds
        while True:
            event = self.step()
            if event:
                return event
            left = until - time.monotonic()
            if left <= 0 or not select.select([0], [], [], left)[0]:
                if self.bytes == b"\x1b":
                    self.bytes = b""
                    return "escape"
                return None
            part = os.read(0, 65536)
            if not part:
                sys.exit(0)
            self.bytes += part

    def step(self):
        while self.bytes:
            if self.paste is not None:
                end = self.bytes.find(b"\x1b[201~")
                if end < 0:
                    # The end may be cut.
                    keep = next((k for k in range(5, 0, -1) if self.bytes.endswith(b"\x1b[201~"[:k])), 0)
                    cut = len(self.bytes) - keep
                    self.paste, self.bytes = self.paste + self.bytes[:cut], self.bytes[cut:]
                    return None
                self.typed += (self.paste + self.bytes[:end]).decode("utf-8", "surrogateescape").replace("\r", "\n")
                self.paste, self.bytes = None, self.bytes[end + 6:]
                return "text"
            if self.bytes.startswith(b"\x1b[200~"):
                self.paste, self.bytes = b"", self.bytes[6:]
                continue
            if self.bytes[:1] == b"\x1b":
                if b"\x1b[200~".startswith(self.bytes):
                    return None
                self.bytes = self.bytes[1:]
                return "escape"
            if self.bytes[:1] in b"\r":
                self.bytes = self.bytes[1:]
                return "submit"
            if self.bytes[:1] == b"\x03":
                self.bytes = self.bytes[1:]
                return "interrupt"
            if self.bytes[:1] == b"\x7f":
                self.typed, self.bytes = self.typed[:-1], self.bytes[1:]
                return "text"
            # A character that is cut waits for its rest.
            for length in range(1, 5):
                try:
                    self.typed += self.bytes[:length].decode()
                    self.bytes = self.bytes[length:]
                    return "text"
                except UnicodeDecodeError:
                    if length > len(self.bytes):
                        return None
            self.bytes = self.bytes[1:]
        return None


keys = Input()


def idle(rows):
    # Before it shows: whoever sees it later must find it here.
    truth("idle")
    out("\x1b[?2004h")
    title(S["idle"])
    state7501("idle")
    if S.get("lines"):
        out("\r\n".join(rows) + "\r\n" + S["prompt"])
    screen(rows, keys.typed)


def work(seconds, pause=0.0, flicker=False, until_escape=False):
    """One stretch of work; False when it was interrupted."""
    start, n = time.monotonic(), 0
    paused = flickered = False
    if S.get("lines"):
        out("\r\n" + S["busy"](0)[0])
    while until_escape or time.monotonic() - start < seconds:
        half = time.monotonic() - start > seconds / 2
        title(S["work"], n)
        screen(["> the prompt"] + S["busy"](n))
        if pause and half and not paused:
            paused = True
            title(S.get("quiet"))
            time.sleep(pause)
        if flicker and half and not flickered:
            flickered = True
            title(S["idle"])
            time.sleep(0.25)
        n += 1
        if keys.read(0.1) in ("escape", "interrupt"):
            return False
    return True


def ask():
    truth("permission")
    n = 0
    if S.get("lines"):
        out("\r\n" + S["dialog"][0])
    while True:
        title(S["ask"], n)
        if n == 0:
            screen(S["dialog"], prompt=False)
        n += 1
        event = keys.read(0.5)
        if event in ("submit", "escape"):
            break
    keys.typed = ""
    truth("working")


taken = 0


def turn(prompt):
    global taken
    taken += 1
    log.write(json.dumps({"t": now(), "prompt": prompt.encode("utf-8", "surrogateescape").hex()}) + "\n")
    # How many there were, for those who only count.
    with open(LOG + ".new", "w") as count:
        count.write(str(taken))
    os.rename(LOG + ".new", LOG + ".taken")
    if prompt == "die":
        sys.exit(3)
    truth("working")
    out("\x1b[?2004l" if S.get("lines") else "")
    state7501("working")
    rows = S["done"]
    if WORK:
        program = subprocess.Popen([WORK], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        program.stdin.write(prompt.encode("utf-8", "surrogateescape"))
        program.stdin.close()
        while program.poll() is None:
            work(0.3)
    elif "quick" in prompt[:30] or len(prompt) > 200:
        work(0.12)
    elif prompt == "ask":
        work(0.6)
        ask()
        work(0.6)
    elif prompt == "silent":
        work(1.0, pause=5.0)
    elif prompt == "flicker":
        work(2.0, flicker=True)
    elif prompt == "esc":
        if not work(60, until_escape=True):
            rows = ["⎿ Interrupted"]
    elif prompt == "limit":
        work(0.6)
        rows = ["You've hit your usage limit. Rate limit reached. Usage limit reached."]
    else:
        work(1.0)
    if S.get("lines"):
        out("\r\n\x07")
    idle(rows)


def main():
    old = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        truth("boot")
        title("Claude Code" if STYLE.startswith("claude") else None)
        for n in range(4):
            if S.get("lines"):
                out(S["boot"][0] + "\r\n")
            else:
                screen(S["boot"] + ["." * n], prompt=False)
            time.sleep(0.15)
        idle(S["boot"])
        while True:
            event = keys.read(3600)
            if event == "submit" and keys.typed:
                prompt, keys.typed = keys.typed, ""
                turn(prompt)
            elif event == "text":
                if S.get("lines"):
                    out("\r\x1b[K" + S["prompt"] + keys.typed[-60:].replace("\n", " "))
                screen(S["done"], keys.typed)
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, old)


main()

"""Types into `jupyter console` over a terminal of its own: python drive_console.py KERNEL, one JSON step a line on standard input.

A step is {"type": text, "until": regular expression}: the text and Enter are typed, and what the terminal shows up to the
expression is answered as one JSON line, without colours. {"until": ...} types nothing. The last step is {"end": true}.
"""

import json
import re
import sys

import pexpect

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\][^\x07]*\x07")


class Terminal:
    """A terminal that answers where its cursor is, as prompt_toolkit asks; it waits for that before it draws."""

    def __init__(self, kernel):
        argv = ["-m", "jupyter", "console", "--kernel", kernel, "--JupyterConsoleApp.confirm_exit=False"]
        # The console itself gives up after one second, which on a loaded machine means little.
        argv.append("--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=30")
        self.child = pexpect.spawn(sys.executable, argv, encoding="utf8", timeout=120, dimensions=(50, 160))
        self.seen = ""

    def until(self, pattern):
        shown = ""
        while True:
            found = re.search(pattern, CONTROL.sub("", self.seen))
            if found:
                shown, self.seen = CONTROL.sub("", self.seen), ""
                return shown
            index = self.child.expect([r"\x1b\[6n", r".+", pexpect.EOF])
            self.seen += self.child.before or ""
            if index == 0:
                self.child.send("\x1b[1;1R")
            elif index == 1:
                text = self.child.after
                if "\x1b[6n" in text:
                    self.child.send("\x1b[1;1R")
                self.seen += text.replace("\x1b[6n", "")
            else:
                raise EOFError(f"the console ended: {self.seen}")


terminal = Terminal(sys.argv[1])
for line in sys.stdin:
    step = json.loads(line)
    if step.get("end"):
        terminal.child.sendeof()
        terminal.child.expect(pexpect.EOF, timeout=30)
        terminal.child.close()
        print(json.dumps({"exit": terminal.child.exitstatus}), flush=True)
        break
    if "type" in step:
        terminal.child.send(step["type"] + "\r")
    if step.get("key"):
        terminal.child.send(step["key"])
    try:
        print(json.dumps({"shown": terminal.until(step["until"])}), flush=True)
    except (pexpect.TIMEOUT, EOFError) as error:
        print(json.dumps({"failed": str(error)[:200], "shown": CONTROL.sub("", terminal.seen)}), flush=True)
        break
terminal.child.close(force=True)

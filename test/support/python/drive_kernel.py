"""Drives an installed kernel with jupyter_client, for tests: one JSON request a line in, one JSON answer a line out.

Requests: {"execute": code, "timeout": seconds}, {"interrupt": true}, {"complete": code, "cursor": n}, {"shutdown": true}.
`execute` answers {"status", "ename", "evalue", "traceback", "outputs", "busy", "idle", "seconds"} when both the reply and
idle are here; requests are taken while a cell runs. Everything happens in one thread, because ZeroMQ's sockets belong to one.
"""

import json
import os
import subprocess
import sys
import time

import zmq
from jupyter_client.manager import KernelManager

OUTPUTS = ("stream", "display_data", "execute_result", "update_display_data", "error", "clear_output")


class Asked:
    """A request that was sent, and what has come back for it."""

    def __init__(self, kind, timeout):
        self.kind = kind
        self.start = time.time()
        self.until = self.start + timeout
        self.reply = None
        self.outputs = []
        self.states = []

    def finished(self):
        return self.reply is not None and (self.kind != "execute_request" or "idle" in self.states)

    def answer(self):
        if self.kind != "execute_request":
            return self.reply or {"status": "timeout"}
        reply = self.reply if self.finished() else {"status": "timeout"}
        return {
            "status": reply["status"], "ename": reply.get("ename"), "evalue": reply.get("evalue"),
            "traceback": reply.get("traceback"), "outputs": self.outputs, "busy": self.states.count("busy"),
            "idle": self.states.count("idle"), "seconds": time.time() - self.start,
        }


def say(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


manager = KernelManager(kernel_name=sys.argv[1])
# Not our standard output: a kernel that makes the shared pipe non-blocking would break our own writing.
manager.start_kernel(stdout=subprocess.DEVNULL)
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
shell, iopub = client.shell_channel, client.iopub_channel
asked = {}


def ask(kind, content, timeout):
    message = client.session.msg(kind, content)
    asked[message["header"]["msg_id"]] = Asked(kind, timeout)
    shell.send(message)


def take_request(line):
    """Carries a request out; False when it is the last."""
    request = json.loads(line)
    if "execute" in request:
        content = {
            "code": request["execute"], "silent": False, "store_history": True, "user_expressions": {},
            "allow_stdin": False, "stop_on_error": True,
        }
        ask("execute_request", content, request.get("timeout", 120))
    elif "complete" in request:
        ask("complete_request", {"code": request["complete"], "cursor_pos": request["cursor"]}, 60)
    elif "interrupt" in request:
        manager.interrupt_kernel()
    return "shutdown" not in request


def take_output(message):
    state = asked.get(message["parent_header"].get("msg_id"))
    if state is None:
        return
    kind, content = message["msg_type"], message["content"]
    if kind == "status":
        state.states.append(content["execution_state"])
    elif kind in OUTPUTS:
        state.outputs.append({"type": kind, **content})


def answer_finished():
    for key, state in list(asked.items()):
        if state.finished() or time.time() > state.until:
            del asked[key]
            say(state.answer())


poller = zmq.Poller()
poller.register(sys.stdin.fileno(), zmq.POLLIN)
for channel in (shell, iopub):
    poller.register(channel.socket, zmq.POLLIN)

say({"ready": True, "pid": manager.provisioner.pid})
text = b""
going = True
while going:
    ready = dict(poller.poll(200))
    if iopub.socket in ready:
        take_output(iopub.get_msg(timeout=0))
    if shell.socket in ready:
        reply = shell.get_msg(timeout=0)
        state = asked.get(reply["parent_header"].get("msg_id"))
        if state is not None:
            state.reply = reply["content"]
    if sys.stdin.fileno() in ready:
        chunk = os.read(sys.stdin.fileno(), 1 << 16)
        *lines, text = (text + chunk).split(b"\n")
        for line in lines:
            going = take_request(line) and going
        going = going and chunk != b""
    answer_finished()
client.stop_channels()
manager.shutdown_kernel(now=False)
say({"closed": True})

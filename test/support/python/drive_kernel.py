"""Drives an installed kernel with jupyter_client, for tests: one JSON request a line in, one JSON answer a line out.

Requests: {"execute": code, "timeout": seconds}, {"interrupt": true}, {"complete": code, "cursor": n}, {"pid": true},
{"shutdown": true}. `execute` answers {"status", "ename", "evalue", "traceback", "outputs", "busy", "idle", "seconds"}.
With {"background": true} the answer to `execute` comes when the cell ends, while other requests are taken.
"""

import json
import queue
import sys
import threading
import time

from jupyter_client.manager import KernelManager


def say(answer):
    with lock:
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


lock = threading.Lock()
manager = KernelManager(kernel_name=sys.argv[1])
manager.start_kernel()
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
waiting = {}


def pump_iopub():
    while True:
        try:
            message = client.get_iopub_msg(timeout=0.2)
        except queue.Empty:
            continue
        except Exception:
            return
        state = waiting.get(message["parent_header"].get("msg_id"))
        if state is None:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "status":
            state[content["execution_state"]] = state.get(content["execution_state"], 0) + 1
            if content["execution_state"] == "idle":
                state["ended"].set()
        elif kind in ("stream", "display_data", "execute_result", "update_display_data", "error", "clear_output"):
            state["outputs"].append({"type": kind, **content})


def pump_shell():
    while True:
        try:
            message = client.get_shell_msg(timeout=0.2)
        except queue.Empty:
            continue
        except Exception:
            return
        state = waiting.get(message["parent_header"].get("msg_id"))
        if state is not None:
            state["reply"] = message["content"]
            state["replied"].set()


threading.Thread(target=pump_iopub, daemon=True).start()
threading.Thread(target=pump_shell, daemon=True).start()


def ask(kind, content):
    """Sends a request; its state is there before the first answer can come."""
    message = client.session.msg(kind, content)
    state = {"outputs": [], "ended": threading.Event(), "replied": threading.Event(), "start": time.time()}
    waiting[message["header"]["msg_id"]] = state
    client.shell_channel.send(message)
    return state


def execute(request):
    content = {
        "code": request["execute"], "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
        "stop_on_error": True,
    }
    state = ask("execute_request", content)
    timeout = request.get("timeout", 120)
    done = state["replied"].wait(timeout) and state["ended"].wait(timeout)
    reply = state.get("reply", {})
    say({
        "status": reply.get("status") if done else "timeout", "ename": reply.get("ename"), "evalue": reply.get("evalue"),
        "traceback": reply.get("traceback"), "outputs": state["outputs"], "busy": state.get("busy", 0), "idle": state.get("idle", 0),
        "seconds": time.time() - state["start"],
    })


say({"ready": True, "pid": manager.provisioner.pid})
for line in sys.stdin:
    request = json.loads(line)
    if "execute" in request:
        if request.get("background"):
            threading.Thread(target=execute, args=(request,), daemon=True).start()
        else:
            execute(request)
    elif "interrupt" in request:
        manager.interrupt_kernel()
    elif "complete" in request:
        state = ask("complete_request", {"code": request["complete"], "cursor_pos": request["cursor"]})
        state["replied"].wait(60)
        say(state.get("reply", {"status": "timeout"}))
    elif "shutdown" in request:
        break
client.stop_channels()
manager.shutdown_kernel(now=False)
say({"closed": True})

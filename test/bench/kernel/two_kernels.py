"""Times two kernels against each other, turn by turn, and checks status and output of every answer.

`two_kernels.py KERNELSPEC KERNELSPEC`: the cells of the first are delegated by `%%python`.
"""

import statistics
import sys
import time

from jupyter_client.manager import KernelManager

ROUNDS, CELLS = 7, 200


def start(name):
    manager = KernelManager(kernel_name=name)
    begun = time.perf_counter()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.kernel_info()
    reply = client.get_shell_msg(timeout=60)
    seconds = time.perf_counter() - begun
    assert reply["content"]["status"] == "ok"
    return seconds, manager, client


def cell(client, number, magic):
    begun = time.perf_counter()
    request = client.execute(f"{magic}print({number})")
    text, idle = "", False
    while not idle:
        message = client.get_iopub_msg(timeout=60)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "stream":
            text += message["content"]["text"]
        idle = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
    while (reply := client.get_shell_msg(timeout=60))["parent_header"].get("msg_id") != request:
        pass
    assert reply["content"]["status"] == "ok" and text == f"{number}\n", (reply["content"], text)
    return time.perf_counter() - begun


def end(manager, client):
    client.stop_channels()
    manager.shutdown_kernel(now=True)


names = sys.argv[1:]
magics = {names[0]: "%%python\n", names[1]: ""}
starts = {name: [] for name in names}
for _ in range(ROUNDS):
    for name in names:
        seconds, manager, client = start(name)
        starts[name].append(seconds)
        end(manager, client)

running = {name: start(name)[1:] for name in names}
times = {name: [] for name in names}
for name, (_, client) in running.items():
    client.wait_for_ready(timeout=60)
    cell(client, 0, magics[name])
for number in range(CELLS):
    for name, (_, client) in running.items():
        times[name].append(cell(client, number, magics[name]))
for manager, client in running.values():
    end(manager, client)

first, second = names
for what, table, goal in (("start to kernel_info_reply", starts, 0.7), ("round trip of a delegated %%python cell", times, 1.05)):
    medians = {name: statistics.median(values) for name, values in table.items()}
    figures = ", ".join(f"{name} {value * 1000:.1f} ms" for name, value in medians.items())
    print(f"{what}: {figures}, ratio {medians[first] / medians[second]:.3f} (goal {goal})")

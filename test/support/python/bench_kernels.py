"""Times two kernels against each other, turn by turn, and checks status and output of every answer."""

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


def cell(client, number):
    begun = time.perf_counter()
    request = client.execute(f"print({number})")
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
    cell(client, 0)
for number in range(CELLS):
    for name, (_, client) in running.items():
        times[name].append(cell(client, number))
for manager, client in running.values():
    end(manager, client)

first, second = names
for what, table in (("start to kernel_info_reply", starts), ("round trip of a cell", times)):
    medians = {name: statistics.median(values) for name, values in table.items()}
    figures = ", ".join(f"{name} {value * 1000:.1f} ms" for name, value in medians.items())
    print(f"{what}: {figures}, ratio {medians[first] / medians[second]:.2f}")

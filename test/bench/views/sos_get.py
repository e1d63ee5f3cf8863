"""SoS Notebook's ``%get`` between two Python kernels, timed from the front end. One line of JSON for each line read."""

import json
import sys
import time

from jupyter_client.manager import start_new_kernel

manager, client = start_new_kernel(kernel_name="sos", startup_timeout=60)


def run(code):
    printed = []

    def hear(message):
        if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
            printed.append(message["content"]["text"])
        if message["msg_type"] == "error":
            raise RuntimeError(str(message["content"])[:500])

    began = time.perf_counter()
    client.execute_interactive(code, timeout=400, output_hook=hear, allow_stdin=False)
    return time.perf_counter() - began, "".join(printed)


run("%use First -k python3 -l Python3")
run("import pandas as pd")
run("%use Second -k python3 -l Python3")
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    run("%use First")
    run(f"df = pd.read_parquet({asked['path']!r})")
    run("%use Second")
    seconds, _ = run("%get df --from First")
    _, said = run("print(len(df), int(df['id'].sum()))")
    print(json.dumps({"seconds": seconds, "check": [float(word) for word in said.split()]}), flush=True)
manager.shutdown_kernel(now=True)

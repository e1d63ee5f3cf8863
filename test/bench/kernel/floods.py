"""Much output: nothing lost, order kept, memory of the kernel bounded. `floods.py KERNELSPEC`"""

import hashlib
import re
import sys
import time

from kernel_client import Kernel

MESSAGES, MEGABYTES = 10_000, 100


def peak_megabytes(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read()).group(1)) / 1024


kernel = Kernel(sys.argv[1])
kernel.run("print(1)")
before = peak_megabytes(kernel.pid)

begun = time.perf_counter()
pieces = kernel.run(
    f"import sys, time\nfor i in range({MESSAGES}):\n  print(i, flush=True)\n  sys.stdout.flush()\n  _ = time.sleep(0)"
)
assert "".join(pieces) == "".join(f"{i}\n" for i in range(MESSAGES)), "stream messages were lost or changed their order"
seconds = time.perf_counter() - begun
print(f"{MESSAGES} lines flushed one by one: {len(pieces)} messages, {seconds:.1f} s, nothing lost, order kept", flush=True)

begun = time.perf_counter()
pieces = kernel.run(
    "import hashlib\nchunk = ''.join(f'{i:09d}\\n' for i in range(100000))\ndigest = hashlib.sha256()\n"
    f"for _ in range({MEGABYTES}):\n  digest.update(chunk.encode())\n  sys.stdout.write(chunk)"
)
text = "".join(pieces)
digest = kernel.run("print(digest.hexdigest())")
assert len(text) == MEGABYTES * 1_000_000, len(text)
assert "".join(digest).strip() == hashlib.sha256(text.encode()).hexdigest()
seconds = time.perf_counter() - begun
peak = peak_megabytes(kernel.pid)
assert peak < 1024, f"the kernel took {peak:.0f} MB"
print(f"{MEGABYTES} MB of text: {seconds:.1f} s, same checksum; peak memory of the kernel {before:.0f} MB before, {peak:.0f} MB after")
kernel.end()

"""Time to the first result of Spark: a kernel and its first cell, over the plain program doing the same.

`first_results.py KERNELSPEC SPARK_SHELL`; the programs run in turns and each answer is checked.
"""

import os
import statistics
import subprocess
import sys
import time

from kernel_client import Kernel

ROUNDS = 3
kernelspec, spark_shell = sys.argv[1:]

PYTHON = 'print("sum is", spark.range(1000000).selectExpr("sum(id) AS s").collect()[0]["s"])'
SCALA = 'println("sum is " + spark.range(1000000).selectExpr("sum(id) AS s").collect()(0).getLong(0))'
ANSWER = "sum is 499999500000"
SCRIPT = f"from pyspark.sql import SparkSession\nspark = SparkSession.builder.master('local[*]').getOrCreate()\n{PYTHON}\n"


def by_kernel(code):
    begun = time.perf_counter()
    kernel = Kernel(kernelspec)
    text = "".join(kernel.run(code))
    seconds = time.perf_counter() - begun
    assert ANSWER in text, text
    kernel.end()
    return seconds


def by_program(command, given):
    begun = time.perf_counter()
    # Without these Spark asks the resolver for the host's own name, which on some machines takes longer than its start.
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost"}
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1
    )
    process.stdin.write(given)
    process.stdin.flush()
    for line in process.stdout:
        if ANSWER in line and "println" not in line:
            seconds = time.perf_counter() - begun
            process.stdin.close()
            process.stdout.read()
            process.wait(timeout=60)
            return seconds
    raise AssertionError(f"{command} ended without an answer")


ways = {
    "first %%pyspark result over a pyspark script": (1.0, "%%pyspark\n" + PYTHON, [sys.executable, "-c", SCRIPT], ""),
    "first %%spark result over spark-shell": (0.6, "%%spark\n" + SCALA, [spark_shell, "--master", "local[*]"], SCALA + "\n"),
}
for what, (goal, code, command, given) in ways.items():
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(by_kernel(code))
        theirs.append(by_program(command, given))
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"{what}: {mine:.2f} s, {other:.2f} s, ratio {mine / other:.3f} (goal {goal})", flush=True)

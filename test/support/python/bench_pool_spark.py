"""Spark's JDBC writer and reader on several databases, in turns. Usage: bench_pool_spark.py JARS ROWS WRITTEN NAME=URL…

Prints one JSON line for each measurement: what, name, rows, seconds, and a sum that must agree between the databases.
"""

import json
import os
import sys
import time

jars, rows, written, *databases = sys.argv[1:]
os.environ["PYSPARK_SUBMIT_ARGS"] = (
    f"--driver-class-path {jars} --driver-memory 2g --conf spark.ui.enabled=false pyspark-shell"
)
os.environ.update({"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost"})

from pyspark.sql import SparkSession, functions as F  # noqa: E402

spark = SparkSession.builder.master("local[2]").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
urls = dict(one.split("=", 1) for one in databases)


def frame(count):
    return spark.range(1, count + 1, numPartitions=1).select(
        F.col("id").cast("int").alias("a"),
        (F.col("id") * 1000003).alias("b"),
        (F.col("id") * 0.5).alias("c"),
        F.concat(F.lit("customer "), "id").alias("d"),
        (F.col("id") % 100000 / 100).cast("decimal(18,2)").alias("e"),
        F.timestamp_seconds(F.col("id") % 86400 + 1704067200).alias("f"),
    )


def tell(what, name, count, seconds, total):
    print(json.dumps({"what": what, "name": name, "rows": count, "seconds": seconds, "sum": total}), flush=True)


for round in range(3):
    for name, url in urls.items():
        source = frame(int(written))
        began = time.monotonic()
        source.write.format("jdbc").mode("overwrite").options(url=url, dbtable="spark_written").save()
        seconds = time.monotonic() - began
        back = spark.read.format("jdbc").options(url=url, query="SELECT COUNT(*) AS n, SUM(e) AS s FROM spark_written t").load().first()
        tell("write", name, back[0], seconds, float(back[1]))
for round in range(3):
    for name, url in urls.items():
        began = time.monotonic()
        found = (
            spark.read.format("jdbc")
            .options(url=url, dbtable="measured", fetchsize=10000)
            .load()
            .selectExpr("count(a)", "sum(b % 1000)", "sum(c)", "sum(length(d))", "sum(e)", "max(f)")
            .first()
        )
        seconds = time.monotonic() - began
        tell("read", name, found[0], seconds, float(found[1]) + found[2] + found[3] + float(found[4]))
spark.stop()

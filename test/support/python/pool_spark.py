"""Questions that Spark's JDBC source and sink ask a pool. Usage: pool_spark.py PORT USER PASSWORD JAR….

Prints one JSON line for each question: its name, whether it was answered as it should, and what came.
"""

import datetime
import json
import os
import sys

port, user, password, *jars = sys.argv[1:]
os.environ["PYSPARK_SUBMIT_ARGS"] = (
    f"--driver-class-path {':'.join(jars)} --driver-memory 1g "
    "--conf spark.ui.enabled=false --conf spark.sql.session.timeZone=UTC pyspark-shell"
)
os.environ.update({"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost"})

from pyspark.sql import SparkSession, functions as F  # noqa: E402

spark = SparkSession.builder.master("local[2]").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
url = f"jdbc:sqlserver://localhost:{port};databaseName=jdbc;user={user};password={password};trustServerCertificate=true"


def ask(name, question):
    try:
        answer = question()
        print(json.dumps({"check": name, "ok": answer is True, "detail": repr(answer)[:500]}), flush=True)
    except Exception as error:  # every failure is a line of its own
        print(json.dumps({"check": name, "ok": False, "detail": f"{type(error).__name__}: {error}"[:800]}), flush=True)


def same(got, wanted):
    return True if got == wanted else (got, wanted)


day = datetime.date(2024, 2, 29)
frame = spark.range(3000).select(
    F.col("id").cast("int").alias("i"),
    F.col("id").alias("l"),
    F.when(F.col("id") % 5 != 0, F.concat(F.lit("name ž"), "id")).alias("s"),
    (F.col("id") / 4).alias("d"),
    (F.col("id") / 100).cast("decimal(18,2)").alias("n"),
    (F.col("id") % 2 == 0).alias("b"),
    F.lit(day).alias("day"),
    F.timestamp_seconds(F.col("id") + 1700000000).alias("at"),
    F.encode(F.col("id").cast("string"), "UTF-8").alias("bytes"),
)


def spark_sink(table, **options):
    frame.write.format("jdbc").mode("overwrite").options(url=url, dbtable=table, **options).save()
    frame.limit(10).write.format("jdbc").mode("append").options(url=url, dbtable=table, **options).save()
    back = spark.read.format("jdbc").options(url=url, dbtable=table).load()
    wanted = frame.select("i", "l", "s", "d", "n", "b", "day", "at", "bytes")
    difference = wanted.exceptAll(back.select(*wanted.columns)).count()
    return same([back.count(), difference], [3010, 0])


ask("Spark's sink", lambda: spark_sink("dbo.spark_rows"))


def spark_source():
    read = spark.read.format("jdbc").options(url=url, dbtable="dbo.spark_rows", fetchsize=500)
    parts = read.options(partitionColumn="i", lowerBound=0, upperBound=3000, numPartitions=3).load()
    filtered = parts.where("i >= 2990 and s is not null").agg(F.sum("l"), F.count("s")).first()
    asked = spark.read.format("jdbc").options(url=url, query="SELECT COUNT(*) AS n FROM dbo.spark_rows").load().first()
    return same([parts.count(), list(filtered), asked[0]], [3010, [23960, 8], 3010])


ask("Spark's source", spark_source)
ask("Spark truncates", lambda: spark_sink("dbo.spark_rows", truncate="true"))
spark.stop()

"""Attaches this Python process to the session's JVM over Py4J, instead of starting a JVM of its own."""

import logging
import os

_PROPERTY = "crossview.cell"
_TAG = "crossview-cell-"

_context = None


def attach(environment=None):
    """The ``(spark, sc)`` of the session.

    ``environment`` holds ``PYSPARK_GATEWAY_PORT`` and ``PYSPARK_GATEWAY_SECRET`` when they are not those of this process:
    after the JVM was started anew, attach again with the new ones.
    """
    global _context
    os.environ.update(environment or {})

    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.logger import PySparkLogger
    from pyspark.sql import SparkSession

    _forget(SparkContext, SparkSession)
    gateway = launch_gateway()
    session = gateway.jvm.crossview.spark.Session.spark()
    java_context = gateway.jvm.org.apache.spark.api.java.JavaSparkContext.fromSparkContext(session.sparkContext())
    sc = SparkContext(jsc=java_context, gateway=gateway, conf=SparkConf(_jconf=java_context.getConf()))
    spark = SparkSession(sc, session)
    # PySpark also writes every failed query as a line of JSON to standard error; the traceback says it better.
    PySparkLogger.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
    _context = sc
    return spark, sc


def set_cell(cell_id):
    """Says that Spark jobs started from this thread belong to this cell, so that Stop finds them.

    The job group is what users see; the tag stays when their code sets a job group of its own.
    """
    if _context is None:
        return
    clear_cell()
    _context.setJobGroup(cell_id, f"cell {cell_id}", interruptOnCancel=True)
    _context.addJobTag(_TAG + cell_id.replace(",", "_"))
    _context.setLocalProperty(_PROPERTY, cell_id)


def clear_cell():
    """Says that no cell runs any more."""
    if _context is None:
        return
    for tag in _context.getJobTags():
        if tag.startswith(_TAG):
            _context.removeJobTag(tag)
    _context.setLocalProperty("spark.jobGroup.id", None)
    _context.setLocalProperty("spark.job.description", None)
    _context.setLocalProperty("spark.job.interruptOnCancel", None)
    _context.setLocalProperty(_PROPERTY, None)


def _forget(context_class, session_class):
    """Drops what is left of an earlier JVM. ``stop()`` would call a JVM that may be gone."""
    with context_class._lock:
        context_class._active_spark_context = None
        context_class._gateway = None
        context_class._jvm = None
    session_class._instantiatedSession = None

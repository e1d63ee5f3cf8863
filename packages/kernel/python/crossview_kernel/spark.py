"""The notebook's Spark session in this process. Nothing here runs before a cell needs Spark."""

import logging
import os
import warnings

_attached = None


def prepare():
    """Imports PySpark ahead of the first cell."""
    try:
        import pyspark.sql  # noqa: F401
    except ImportError:
        pass


def attach(shell, environment):
    """Attaches to the Spark session that these variables describe, unless that was done; puts its names into the namespace."""
    global _attached
    if _attached == environment:
        return
    os.environ.update(environment)
    import crossview_spark as bridge

    spark, sc = bridge.attach(environment)
    shell.push({"spark": spark, "sc": sc, "sqlContext": _sql_context(spark, sc)}, interactive=False)
    _offer_connector(shell)
    shell.register_magic_function(lambda line: spark.sql(line), "line", "sql")
    logging.getLogger().addFilter(_is_news)
    _attached = environment


def _is_news(record):
    """Py4J logs each Stop with a traceback; the cell's own error says it already."""
    return not str(record.msg).startswith("KeyboardInterrupt while sending command")


def _sql_context(spark, sc):
    from pyspark.sql import SQLContext

    with warnings.catch_warnings():
        # Deprecated since Spark 3, and in every older notebook.
        warnings.simplefilter("ignore")
        return SQLContext(sc, spark)


def _offer_connector(shell):
    """``synapsesql`` on readers and writers, and ``Constants``: Synapse notebooks need no import for them."""
    try:
        from com.microsoft.spark.sqlanalytics.Constants import Constants
    except ImportError:
        return
    shell.push({"Constants": Constants}, interactive=False)


def set_cell(cell):
    """Tells Spark which cell its jobs belong to, so that Stop finds them."""
    if _attached is None:
        return  # nothing to tell before the first cell that needs Spark
    import crossview_spark as bridge

    bridge.set_cell(cell)

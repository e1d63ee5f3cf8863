"""Puts the methods on PySpark's classes. The work is done in the JVM of the session."""

import json

from .constants import Constants


def install():
    """May be called twice; does nothing where there is no PySpark."""
    try:
        from pyspark.sql import DataFrameReader, DataFrameWriter
    except ImportError:
        return
    DataFrameReader.synapsesql = _read
    DataFrameReader.sqlanalytics = _read
    DataFrameWriter.synapsesql = _write
    DataFrameWriter.sqlanalytics = _write


def _read(self, table_name=""):
    """A frame over a table of a dedicated SQL pool (``database.schema.table``) or a SELECT.

    Without an argument the query is that of ``option(Constants.QUERY, ...)``. Rows move when Spark first needs them.
    """
    from pyspark.sql import DataFrame

    answer = _calls(self._spark).read(self._jreader, table_name)
    _take(answer.json())
    return DataFrame(answer.frame(), self._spark)


def _write(
    self, table_name, table_type=Constants.INTERNAL, location=None, callback_handle=None, *, callBackHandle=None
):
    """Writes the frame to a table of a dedicated SQL pool.

    ``callback_handle(metrics, error)`` (also ``callBackHandle``, as Scala spells it) is called when the write ended; an
    error is then not raised.
    """
    callback_handle = callback_handle or callBackHandle
    from crossview_session import CrossviewError

    try:
        metrics = _take(_calls(self._spark).write(self._jwrite, table_name, table_type, location))
    except CrossviewError as error:
        if callback_handle is None:
            raise
        named = {"ThreePartFullyQualifiedTargetTableName": table_name, "WriteFailureCause": str(error)}
        callback_handle({**getattr(error, "metrics", {}), **named}, error)
    else:
        if callback_handle is not None:
            callback_handle(metrics, None)


def _calls(spark):
    return spark.sparkContext._jvm.org.apache.spark.sql.crossview.synapse.PythonCalls


def _take(text):
    """Prints what the user should see; the metrics, or the error as an exception."""
    from crossview_session import CrossviewError

    answer = json.loads(text)
    for line in answer["lines"]:
        print(line)
    error = answer.get("error")
    if error is not None:
        # Without the frames of this module and of Py4J there is nothing of use behind the message.
        thrown = CrossviewError(error["code"], error["message"], error.get("hint"), error.get("facts"))
        thrown.metrics = answer.get("failed", {})
        raise thrown from None
    return answer["metrics"]

"""``synapsesql`` and ``sqlanalytics`` on PySpark's readers and writers.

    import com.microsoft.spark.sqlanalytics
    from com.microsoft.spark.sqlanalytics.Constants import Constants

and without Spark:

    from crossview_synapse import synapsesql
    synapsesql.read("database.schema.table").to_pandas()
"""

from .constants import Constants
from .install import install
from .local import synapsesql

__all__ = ["Constants", "install", "synapsesql"]

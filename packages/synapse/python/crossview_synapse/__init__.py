"""``synapsesql`` and ``sqlanalytics`` on PySpark's readers and writers.

    import com.microsoft.spark.sqlanalytics
    from com.microsoft.spark.sqlanalytics.Constants import Constants
"""

from .constants import Constants
from .install import install

__all__ = ["Constants", "install"]

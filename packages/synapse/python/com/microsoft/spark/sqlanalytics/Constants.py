"""The option keys of ``synapsesql``: ``from com.microsoft.spark.sqlanalytics.Constants import Constants``."""

from crossview_synapse.constants import Constants

__all__ = ["Constants"]

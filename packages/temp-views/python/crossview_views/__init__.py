"""The temp views of a Crossview session, as Arrow, pandas and polars.

    from crossview_views import views
    views["flights"].to_pandas()
    views["delays"] = frame
"""

from .catalog import View, Views

views = Views()

__all__ = ["View", "Views", "views"]

"""PySpark in a Crossview notebook: attached to the one Spark session that all languages share."""

from .attach import attach, clear_cell, set_cell

__all__ = ["attach", "clear_cell", "set_cell"]

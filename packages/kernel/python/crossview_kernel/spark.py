"""The notebook's Spark session in this process. Nothing here runs before a cell needs Spark."""

import os

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
    from crossview_spark import attach as bridge

    names = bridge.attach()
    shell.push(names, interactive=False)
    _attached = environment


def set_cell(cell):
    """Tells Spark which cell its jobs belong to, so that Stop finds them."""
    if _attached is None:
        return
    from crossview_spark import attach as bridge

    bridge.set_cell(cell)

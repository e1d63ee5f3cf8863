"""What a cell finds in its namespace without importing anything."""

import os

from . import lakehouse_paths, packages, pandas_paths
from .display import display, displayHTML


def fill(shell):
    """Puts ``display``, ``displayHTML``, ``views``, ``synapsesql`` and ``mssparkutils`` there; they do not show up in ``%who``."""
    names = {"display": display, "displayHTML": displayHTML}
    try:
        from crossview_views import views

        names["views"] = views
    except ImportError:
        pass
    try:
        import mssparkutils
        import notebookutils

        from tokenlibrary import TokenLibrary

        names.update(mssparkutils=mssparkutils, notebookutils=notebookutils, TokenLibrary=TokenLibrary)
    except ImportError:
        pass
    try:
        from crossview_synapse import Constants, synapsesql

        # Its older name besides.
        names.update(synapsesql=synapsesql, sqlanalytics=synapsesql, Constants=Constants)
    except ImportError:
        pass
    shell.push(names, interactive=False)
    pandas_paths.watch()
    if os.environ.get("CROSSVIEW_PACKAGES"):
        shell.register_magic_function(packages.magic, "line", "pip")
    shell.ast_transformers.append(lakehouse_paths.LakehousePaths())

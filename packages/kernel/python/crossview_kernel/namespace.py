"""What a cell finds in its namespace without importing anything."""

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

        names.update(mssparkutils=mssparkutils, notebookutils=notebookutils)
    except ImportError:
        pass
    try:
        from crossview_synapse import Constants, synapsesql

        # Its older name besides.
        names.update(synapsesql=synapsesql, sqlanalytics=synapsesql, Constants=Constants)
    except ImportError:
        pass
    shell.push(names, interactive=False)

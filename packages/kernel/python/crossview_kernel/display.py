"""``display`` and ``displayHTML`` as Synapse and Fabric notebooks know them."""

import sys

from IPython.display import HTML
from IPython.display import display as ipython_display

from . import frames


def display(*objects, summary=False, **options):
    """Shows frames (Spark, pandas, pyarrow, polars) as tables and everything else as IPython does.

    Args:
        summary: shows statistics of the columns in place of the rows.
    """
    shown = None
    for item in objects:
        frame = frames.to_arrow(item, summary=summary)
        if frame is None:
            shown = ipython_display(item, **options)
        else:
            # print() before this line must come before the table.
            sys.stdout.flush()
            data, metadata = frames.render(frame)
            shown = ipython_display(data, raw=True, metadata=metadata, **options)
    if not objects:
        shown = ipython_display(**options)
    return shown


def displayHTML(html):  # noqa: N802 - the name that notebooks use
    """Shows a text as HTML."""
    ipython_display(HTML(html))

"""``display`` and ``displayHTML`` as Synapse and Fabric notebooks know them."""

import sys

from IPython.display import HTML
from IPython.display import display as ipython_display

from . import frames


def display(
    *objects,
    summary=False,
    chart=None,
    key=None,
    values=None,
    aggregation=None,
    series=None,
    title=None,
    **options,
):
    """Shows frames (Spark, pandas, pyarrow, polars) as tables with a chart view, and everything else as IPython does.

    Args:
        summary: shows statistics of the columns in place of the rows.
        chart: ``"bar"``, ``"line"``, ``"area"``, ``"pie"`` or ``"scatter"`` shows the chart first; ``True`` chooses one.
        key: the column along the chart's axis.
        values: a column or a list of columns to draw.
        aggregation: ``"sum"``, ``"avg"``, ``"min"``, ``"max"``, ``"count"``, ``"first"``, ``"last"`` or ``"none"``.
        series: the column whose values become series of their own.
        title: a line above the frame.

    Raises:
        CrossviewError: when the frame has no such column, or there is no such chart.
    """
    shown = None
    how = _frame_options(title, chart, key, values, aggregation, series)
    for item in objects:
        rendered = frames.render(item, summary=summary, options=how)
        if rendered is None:
            shown = ipython_display(item, **options)
        else:
            # print() before this line must come before the table.
            sys.stdout.flush()
            data, metadata = rendered
            shown = ipython_display(data, raw=True, metadata=metadata, **options)
    if not objects:
        shown = ipython_display(**options)
    return shown


def _frame_options(title, chart, key, values, aggregation, series):
    """What ``frames.render`` is asked for; columns need not be given as text."""
    options = {} if title is None else {"title": str(title)}
    wish = {
        "type": None if chart is True else chart,
        "key": None if key is None else str(key),
        "values": None if values is None else [str(it) for it in ([values] if isinstance(values, str) else values)],
        "aggregation": aggregation,
        "series": None if series is None else str(series),
    }
    wish = {name: value for name, value in wish.items() if value}
    if wish or chart:
        options["chart"] = wish
    return options


def displayHTML(html):  # noqa: N802 - the name that notebooks use
    """Shows a text as HTML."""
    ipython_display(HTML(html))

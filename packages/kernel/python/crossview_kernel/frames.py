"""Frames of any library as what a front end shows, made by Crossview's one renderer."""

import json
import os
import sys

MAX_ROWS = 1000


class Frame:
    """Rows as a ``pyarrow.Table``; ``total`` is the number of rows of the whole frame, None when not known."""

    def __init__(self, table, total):
        self.table = table
        self.total = total


def _loaded(module, name):
    """A class of a library, if the library is in use; asking must not import it."""
    found = sys.modules.get(module)
    return getattr(found, name, None) if found is not None else None


def _is(value, module, name):
    kind = _loaded(module, name)
    return kind is not None and isinstance(value, kind)


def render(value, summary=False, options=None):
    """The frame as a MIME bundle and its metadata; None for what is no frame.

    Raises:
        CrossviewError: when the session is gone, or the options name what is not there.
    """
    if _is(value, "pyspark.pandas.frame", "DataFrame"):
        value = value.to_spark()
    if _is(value, "pyspark.sql.classic.dataframe", "DataFrame"):
        return _render_in_spark(value, summary, options or {})
    frame = to_arrow(value, whole=summary)
    if frame is None:
        return None
    if summary:
        from . import summary as statistics

        table = statistics.summarize(frame.table)
        frame = Frame(table, table.num_rows)
    return _render_arrow(frame, options or {})


def to_arrow(value, whole=False):
    """A local frame as Arrow, its first rows or all of them; None for what is no frame."""
    most = None if whole else MAX_ROWS
    if isinstance(value, Frame):
        return value
    if _is(value, "crossview_views.catalog", "View"):
        return Frame(value.arrow() if whole else value.arrow(MAX_ROWS), value.rows)
    if _is(value, "pandas", "Series"):
        value = value.to_frame()
    if _is(value, "pandas", "DataFrame"):
        return _from_pandas(value, most)
    if _is(value, "polars", "LazyFrame"):
        value = value.collect()
    if _is(value, "polars", "Series"):
        value = value.to_frame()
    if _is(value, "polars", "DataFrame"):
        return Frame(value.head(value.height if whole else MAX_ROWS).to_arrow(), value.height)
    if _is(value, "pyarrow", "RecordBatch"):
        import pyarrow

        value = pyarrow.Table.from_batches([value])
    if _is(value, "pyarrow", "Table"):
        return Frame(value.slice(0, most), value.num_rows)
    return None


def _render_in_spark(frame, summary, options):
    """The JVM writes the rows as Arrow itself, as for Scala cells: they never come through this process."""
    notebook = frame.sparkSession._jvm.crossview.spark.Notebook
    answer = json.loads(notebook.rendered(frame._jdf, summary, json.dumps(options)))
    error = answer.get("error")
    if error is not None:
        from crossview_session import CrossviewError

        # Without Py4J's frames there is nothing of use behind the message.
        raise CrossviewError(error["code"], error["message"], error.get("hint"), error.get("facts")) from None
    return answer["data"], answer["metadata"]


def _from_pandas(frame, most):
    import pandas
    import pyarrow

    head = frame if most is None else frame.head(most)
    plain = isinstance(head.index, pandas.RangeIndex) and head.index.name is None
    if not plain:
        head = head.reset_index(names=_index_names(head))
    head = head.rename(columns=str)
    try:
        table = pyarrow.Table.from_pandas(head, preserve_index=False)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, pyarrow.ArrowNotImplementedError):
        # Columns of mixed Python objects have no Arrow type; what a reader sees is their text.
        mixed = {name: head[name].map(str) for name in head.columns if head[name].dtype == object}
        table = pyarrow.Table.from_pandas(head.assign(**mixed), preserve_index=False)
    return Frame(table, len(frame))


def _index_names(frame):
    taken = {str(name) for name in frame.columns}
    names = [str(name) if name is not None else "" for name in frame.index.names]
    return [name if name and name not in taken else f"index{level or ''}" for level, name in enumerate(names)]


def _render_arrow(frame, options):
    import pyarrow
    from crossview_session import session

    current = session()
    directory = current.call("views.allocate")["directory"]
    path = os.path.join(directory, "display.arrow")
    with pyarrow.OSFile(path, "wb") as file, pyarrow.ipc.new_stream(file, frame.table.schema) as writer:
        writer.write_table(frame.table)
    try:
        parts = {
            "parts": [path],
            "rows": frame.table.num_rows,
            "bytes": os.path.getsize(path),
            "totalRows": frame.total,
        }
        answer = current.call("frames.render", {"data": parts, "options": options})
    finally:
        os.unlink(path)
        try:
            os.rmdir(directory)
        except OSError:
            pass
    return answer["data"], answer["metadata"]

"""Frames of any library as Arrow, and Arrow as what a front end shows."""

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


def to_arrow(value, summary=False):
    """The first rows of a frame as Arrow; None for what is no frame."""
    if _is(value, "pyspark.sql.dataframe", "DataFrame") or _is(value, "pyspark.sql.classic.dataframe", "DataFrame"):
        return _from_spark(value.summary() if summary else value)
    if _is(value, "crossview_views.catalog", "View"):
        if summary:
            return _from_pandas(value.to_pandas().describe(include="all").reset_index())
        return Frame(value.arrow(MAX_ROWS), value.rows)
    if _is(value, "pandas", "Series"):
        value = value.to_frame()
    if _is(value, "pandas", "DataFrame"):
        return _from_pandas(value.describe(include="all").reset_index() if summary else value)
    if _is(value, "polars", "DataFrame"):
        if summary:
            value = value.describe()
        return Frame(value.head(MAX_ROWS).to_arrow(), value.height)
    if _is(value, "pyarrow", "RecordBatch"):
        import pyarrow

        value = pyarrow.Table.from_batches([value])
    if _is(value, "pyarrow", "Table"):
        if summary:
            return _from_pandas(value.to_pandas().describe(include="all").reset_index())
        return Frame(value.slice(0, MAX_ROWS), value.num_rows)
    return None


def _from_spark(frame):
    # One row more than is shown tells whether there are more, without a second pass over the data.
    table = frame.limit(MAX_ROWS + 1).toArrow()
    if table.num_rows <= MAX_ROWS:
        return Frame(table, table.num_rows)
    return Frame(table.slice(0, MAX_ROWS), frame.count())


def _from_pandas(frame):
    import pandas
    import pyarrow

    head = frame.head(MAX_ROWS)
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


def render(frame, title=None):
    """The frame as a MIME bundle and its metadata, made by Crossview's one renderer.

    Raises:
        CrossviewError: when the session is gone.
    """
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
        answer = current.call("frames.render", {"data": parts, "options": {"title": title} if title else {}})
    finally:
        os.unlink(path)
        try:
            os.rmdir(directory)
        except OSError:
            pass
    return answer["data"], answer["metadata"]

"""Frames of Python's libraries as a ``pyarrow.RecordBatchReader``."""

import pyarrow as pa
from crossview_session import CrossviewError


def reader(name, frame):
    """A reader over the rows of ``frame``.

    Raises:
        CrossviewError: ``VIEW_TYPE_UNSUPPORTED`` for values or objects that Arrow has no type for.
    """
    if isinstance(frame, pa.RecordBatchReader):
        return frame
    if isinstance(frame, pa.Table):
        return frame.to_reader()
    if isinstance(frame, pa.RecordBatch):
        return pa.RecordBatchReader.from_batches(frame.schema, [frame])
    library = type(frame).__module__.partition(".")[0]
    if library == "pandas":
        return _from_pandas(name, frame)
    if library == "polars":
        return _from_polars(frame)
    if library == "pyspark":
        raise CrossviewError(
            "VIEW_TYPE_UNSUPPORTED",
            f'"{name}" is a Spark frame, which needs no copy to be a view.',
            f'Write frame.createOrReplaceTempView("{name}"): every language sees it then.',
            {"view": name},
        )
    if hasattr(frame, "__arrow_c_stream__"):
        return pa.RecordBatchReader.from_stream(frame)
    raise CrossviewError(
        "VIEW_TYPE_UNSUPPORTED",
        f'"{name}" cannot be made a view of a {type(frame).__module__}.{type(frame).__qualname__}.',
        "Give a pandas or polars frame, or a Table, RecordBatch or RecordBatchReader of pyarrow.",
        {"view": name},
    )


def _from_polars(frame):
    import polars

    if isinstance(frame, polars.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, polars.Series):
        frame = frame.to_frame()
    return frame.to_arrow().to_reader()


def _from_pandas(name, frame):
    import pandas

    if isinstance(frame, pandas.Series):
        frame = frame.to_frame(frame.name if frame.name is not None else "value")
    if any(level is not None for level in frame.index.names):
        frame = frame.reset_index()
    if isinstance(frame.columns, pandas.MultiIndex):
        frame = frame.set_axis(["_".join(map(str, parts)) for parts in frame.columns], axis=1)
    fields, columns = [], []
    # Column by column, so that names may repeat and an error knows its column.
    for position, label in enumerate(frame.columns):
        column = _column(name, str(label), frame.iloc[:, position])
        fields.append(pa.field(str(label), column.type))
        columns.append(column)
    if not columns:
        return pa.table({}).to_reader()
    return pa.Table.from_arrays(columns, schema=pa.schema(fields)).to_reader()


def _column(view, label, series):
    try:
        array = pa.array(series, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise CrossviewError(
            "VIEW_TYPE_UNSUPPORTED",
            f'Column "{label}" of view "{view}" holds values that have no common Arrow type: {error}.',
            f'Give the column one type first, for example frame["{label}"] = frame["{label}"].astype("string").',
            {"view": view, "column": label},
        ) from error
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array

"""SQL over the session's views by DuckDB, in this process and without Spark."""

import re

import pyarrow as pa
from crossview_session import CrossviewError


def query(sql, views, parameters=None):
    """The rows of the last statement as a ``pyarrow.Table``; ``None`` for a statement without rows.

    The views that the text names are mapped, not copied; every call has a database of its own, in memory.

    Raises:
        CrossviewError: ``DUCKDB_MISSING`` when the library is not installed; ``VIEW_NOT_FOUND``;
            ``VIEW_TYPE_UNSUPPORTED`` naming a column that DuckDB has no type for; ``SQL_FAILED`` with DuckDB's own words.
    """
    duckdb = _library()
    with duckdb.connect() as connection:
        try:
            for name in _named(duckdb, sql, views):
                table = views[name].arrow()
                _refuse_unfit(name, table.schema)
                connection.register(name, table)
            result = connection.sql(sql, params=parameters or None)
            return None if result is None else result.to_arrow_table()
        except duckdb.CatalogException as error:
            raise _failed(error, f"The views are {', '.join(views) or 'none yet'}.") from None
        except duckdb.Error as error:
            raise _failed(error, None) from None


def run(sql, views, parameters=None, output=None, max_rows=1000, quiet=False):
    """What a ``%%duckdb`` cell does: shows the first rows, and makes the whole result a view when one is asked for."""
    table = query(sql, views, parameters)
    if table is None:
        return
    if output is not None:
        views.publish(output, table, language="duckdb")
    if not quiet:
        from crossview_kernel import frames
        from IPython.display import publish_display_data

        data, metadata = frames.render(frames.Frame(table.slice(0, max_rows), table.num_rows))
        publish_display_data(data, metadata)


def _refuse_unfit(view, schema):
    for field in schema:
        unfit = _unfit(field.type)
        if unfit is not None:
            raise CrossviewError(
                "VIEW_TYPE_UNSUPPORTED",
                f'Column "{field.name}" of view "{view}" is {field.type}, and DuckDB has no type for {unfit}.',
                "Cast the column where the view is made.",
                {"view": view, "column": field.name, "type": str(field.type)},
            )


def _unfit(kind):
    """What of a type DuckDB cannot take, or would cut off: its intervals have microseconds."""
    if pa.types.is_float16(kind) or pa.types.is_decimal256(kind) or (pa.types.is_duration(kind) and kind.unit == "ns"):
        return kind
    inner = [kind.field(index).type for index in range(kind.num_fields)]
    return next((unfit for unfit in map(_unfit, inner) if unfit is not None), None)


def _named(duckdb, sql, views):
    """The views whose names are among the words of a text; a text in quotes or a comment is no word."""
    tokens = duckdb.tokenize(sql)
    ends = [start for start, _ in tokens[1:]] + [len(sql)]
    words = {
        re.split(r"--|/\*|\s", sql[start:end], maxsplit=1)[0].strip('"').lower()
        for (start, kind), end in zip(tokens, ends)
        if kind != duckdb.token_type.string_const
    }
    return [name for name in views if name.lower() in words]


def _library():
    try:
        import duckdb
    except ImportError:
        raise CrossviewError(
            "DUCKDB_MISSING",
            "The Python environment of this session has no duckdb.",
            "Run %pip install duckdb once; %%sql asks the same of Spark.",
        ) from None
    return duckdb


def _failed(error, hint):
    return CrossviewError("SQL_FAILED", str(error), hint)

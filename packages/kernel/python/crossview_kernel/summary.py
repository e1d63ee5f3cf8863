"""Statistics of the columns of a local frame, one row for each column, as Spark frames and TypeScript tables have them."""

_QUARTILES = [0.25, 0.5, 0.75]


def summarize(table):
    """``column, type, count, missing, distinct, mean, stddev, min, 25%, 50%, 75%, max`` as a ``pyarrow.Table``."""
    import pyarrow

    rows = [_summary(table.field(at), table.column(at)) for at in range(table.num_columns)]
    types = {
        "column": pyarrow.string(),
        "type": pyarrow.string(),
        "count": pyarrow.int64(),
        "missing": pyarrow.int64(),
        "distinct": pyarrow.int64(),
        "mean": pyarrow.float64(),
        "stddev": pyarrow.float64(),
        "min": pyarrow.string(),
        "25%": pyarrow.float64(),
        "50%": pyarrow.float64(),
        "75%": pyarrow.float64(),
        "max": pyarrow.string(),
    }
    columns = {name: pyarrow.array([row.get(name) for row in rows], kind) for name, kind in types.items()}
    return pyarrow.table(columns)


def _summary(field, column):
    import pyarrow
    import pyarrow.compute as compute

    kind = field.type
    if pyarrow.types.is_dictionary(kind):
        kind = kind.value_type
        column = column.cast(kind)
    count = len(column) - column.null_count
    row = {"column": field.name, "type": str(kind), "count": count, "missing": column.null_count}
    if pyarrow.types.is_nested(kind) or pyarrow.types.is_null(kind):
        return row
    row["distinct"] = compute.count_distinct(column, mode="only_valid").as_py()
    numeric = pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind) or pyarrow.types.is_decimal(kind)
    if count == 0 or pyarrow.types.is_binary(kind) or pyarrow.types.is_large_binary(kind):
        return row
    bounds = compute.min_max(column).as_py()
    row.update(min=_text(bounds["min"]), max=_text(bounds["max"]))
    if numeric:
        values = column.cast(pyarrow.float64())
        row["mean"] = compute.mean(values).as_py()
        if count > 1:
            row["stddev"] = compute.stddev(values, ddof=1).as_py()
        quartiles = compute.quantile(values, q=_QUARTILES).to_pylist()
        row.update({f"{share:.0%}": value for share, value in zip(_QUARTILES, quartiles)})
    return row


def _text(value):
    return value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)

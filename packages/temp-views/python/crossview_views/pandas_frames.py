"""Arrow tables as pandas frames that keep their types."""

import pyarrow as pa


def from_arrow(table, dtype_backend=None):
    """See ``View.to_pandas``."""
    import pandas as pd

    if dtype_backend == "numpy":
        return table.to_pandas()
    if dtype_backend == "pyarrow":
        return table.to_pandas(types_mapper=pd.ArrowDtype)
    if dtype_backend == "numpy_nullable":
        return table.to_pandas(types_mapper=_nullable_types(pd).get)
    return _careful(pd, table)


def check_backend(dtype_backend):
    if dtype_backend not in (None, "numpy", "numpy_nullable", "pyarrow"):
        raise ValueError('dtype_backend is None, "numpy", "numpy_nullable" or "pyarrow"')


def _careful(pd, table):
    nullable = _nullable_types(pd)
    special = {
        index: nullable.get(column.type) or pd.ArrowDtype(column.type)
        for index, column in enumerate(table.columns)
        if any(_misses_whole_numbers(chunk) for chunk in column.chunks)
    }
    if not special:
        return table.to_pandas(split_blocks=True)
    ordinary = [index for index in range(table.num_columns) if index not in special]
    # Positions stand for names while the frame is put together, because names may repeat.
    numbered = table.select(ordinary).rename_columns([str(index) for index in ordinary])
    frame = numbered.to_pandas(split_blocks=True)
    if not ordinary:
        frame = pd.DataFrame(index=pd.RangeIndex(table.num_rows))
    for index, dtype in special.items():
        frame.insert(index, str(index), dtype.__from_arrow__(table.column(index)))
    frame.columns = table.column_names
    return frame


def _misses_whole_numbers(array):
    """Whether integers or booleans are missing, at any depth: NumPy would make floats or objects of their column."""
    kind = array.type
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return array.null_count > 0
    if pa.types.is_struct(kind):
        return any(_misses_whole_numbers(array.field(index)) for index in range(kind.num_fields))
    if pa.types.is_map(kind):
        return _misses_whole_numbers(array.items)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return _misses_whole_numbers(array.flatten())
    return False


def _nullable_types(pd):
    return {
        pa.int8(): pd.Int8Dtype(),
        pa.int16(): pd.Int16Dtype(),
        pa.int32(): pd.Int32Dtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.uint8(): pd.UInt8Dtype(),
        pa.uint16(): pd.UInt16Dtype(),
        pa.uint32(): pd.UInt32Dtype(),
        pa.uint64(): pd.UInt64Dtype(),
        pa.bool_(): pd.BooleanDtype(),
        pa.float32(): pd.Float32Dtype(),
        pa.float64(): pd.Float64Dtype(),
        pa.string(): pd.StringDtype(),
    }

"""Columns as every language of the session can read them."""

import pyarrow as pa
import pyarrow.compute as pc


def plain(reader):
    """The same rows with plain columns: dictionaries become their values, views of text become text, large lists become
    lists, and times finer than microseconds become microseconds where nothing is lost (Spark and most pools know nothing
    finer).

    Notes that libraries leave in a schema are taken off: they describe the frame, not the view.
    """
    fields = [pa.field(field.name, _plain_type(field.type), field.nullable) for field in reader.schema]
    schema = pa.schema(fields)
    if schema.equals(reader.schema, check_metadata=True):
        return reader
    # Whether nanoseconds are whole microseconds is known only after the last batch, so that such columns wait for it.
    fine = [index for index, field in enumerate(reader.schema) if _is_fine(field.type)]
    if not fine:
        return pa.RecordBatchReader.from_batches(schema, (_cast(batch, schema) for batch in reader))
    table = pa.Table.from_batches(list(reader), reader.schema)
    kept = {index for index in fine if not _whole_microseconds(table.column(index))}
    fields = [_keep(field, table.schema.field(index)) if index in kept else field for index, field in enumerate(fields)]
    schema = pa.schema(fields)
    return pa.RecordBatchReader.from_batches(schema, (_cast(batch, schema) for batch in table.to_batches()))


def _cast(batch, schema):
    columns = [
        column if column.type.equals(field.type) else pc.cast(column, field.type)
        for column, field in zip(batch.columns, schema)
    ]
    if not columns:
        return batch.replace_schema_metadata(None)
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _keep(field, original):
    return pa.field(field.name, original.type, original.nullable)


def _is_fine(kind):
    return (pa.types.is_timestamp(kind) or pa.types.is_duration(kind)) and kind.unit == "ns"


def _whole_microseconds(column):
    numbers = column.cast(pa.int64())
    rest = pc.subtract(numbers, pc.multiply(pc.divide(numbers, 1000), 1000))
    return not pc.any(pc.not_equal(rest, 0), min_count=0).as_py()


def _plain_type(kind):
    types = pa.types
    if types.is_dictionary(kind):
        return _plain_type(kind.value_type)
    if hasattr(types, "is_string_view") and types.is_string_view(kind):
        return pa.string()
    if hasattr(types, "is_binary_view") and types.is_binary_view(kind):
        return pa.binary()
    if types.is_large_list(kind) or types.is_list(kind) or types.is_fixed_size_list(kind):
        value = _plain_field(kind.value_field)
        if types.is_fixed_size_list(kind):
            return pa.list_(value, kind.list_size)
        return pa.list_(value)
    if types.is_struct(kind):
        return pa.struct([_plain_field(kind.field(index)) for index in range(kind.num_fields)])
    if types.is_map(kind):
        return pa.map_(_plain_field(kind.key_field), _plain_field(kind.item_field))
    if types.is_timestamp(kind) and kind.unit in ("s", "ms", "ns"):
        return pa.timestamp("us", kind.tz)
    if types.is_duration(kind) and kind.unit in ("s", "ms", "ns"):
        return pa.duration("us")
    if types.is_date64(kind):
        return pa.date32()
    return kind


def _plain_field(field):
    return pa.field(field.name, _plain_type(field.type), field.nullable)

"""Staged Parquet to Arrow files and back, in a process of its own: ``python -m crossview_synapse.convert``.

One JSON object on standard input says what to do, one on standard output what came of it. A column that does not convert is
named in ``error``.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

#: Rows of one row group and of one batch.
GROUP_ROWS = 1_000_000
BATCH_ROWS = 256 * 1024


class ColumnError(Exception):
    def __init__(self, column, reason):
        super().__init__(reason)
        self.column = column


def to_arrow(request):
    """Writes an Arrow stream file for each Parquet file, with the columns and types of the file ``schema``."""
    with pa.OSFile(request["schema"]) as file:
        schema = pa.ipc.open_stream(file).schema
    schema = schema.remove_metadata()
    numbered = list(enumerate(request["files"]))
    workers = max(1, min(len(numbered), os.cpu_count() or 1))
    with ThreadPoolExecutor(workers) as pool:
        done = list(pool.map(lambda one: _file_to_arrow(one, request["directory"], schema), numbered))
    if not done:
        path = os.path.join(request["directory"], "part-0.arrows")
        with pa.OSFile(path, "wb") as sink, pa.ipc.new_stream(sink, schema):
            pass
        done = [(path, 0)]
    paths = [path for path, _ in done]
    return {
        "parts": paths,
        "rows": sum(rows for _, rows in done),
        "bytes": sum(os.path.getsize(path) for path in paths),
        "totalRows": None,
    }


def _file_to_arrow(numbered, directory, schema):
    index, source = numbered
    path = os.path.join(directory, f"part-{index}.arrows")
    rows = 0
    parquet = pq.ParquetFile(source, coerce_int96_timestamp_unit="us", memory_map=True)
    with pa.OSFile(path, "wb") as sink, pa.ipc.new_stream(sink, schema) as writer:
        for batch in parquet.iter_batches(BATCH_ROWS, use_threads=True):
            columns = [_cast(field, batch.column(at)) for at, field in enumerate(schema)]
            writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            rows += batch.num_rows
    return path, rows


def _cast(field, column):
    if column.type == field.type:
        return column
    try:
        return column.cast(field.type)
    except pa.ArrowException as error:
        raise ColumnError(field.name, str(error)) from error


def to_parquet(request):
    """Writes Arrow stream files as the Parquet that a dedicated SQL pool reads; one file for every few million rows."""
    rows = 0
    files = []
    writer = None
    in_file = 0
    schema = None
    lengths = {name: 0 for name in request["measure"]}
    try:
        for batch in _batches(request["parts"]):
            batch = batch.select(request["columns"])
            loadable = [_loadable(field, batch.column(at)) for at, field in enumerate(batch.schema)]
            names = batch.schema.names
            for name in lengths:
                lengths[name] = max(lengths[name], _longest(loadable[names.index(name)]))
            if schema is None:
                schema = pa.schema([pa.field(name, column.type) for name, column in zip(names, loadable)])
            table = pa.Table.from_arrays(
                [column.cast(field.type) for column, field in zip(loadable, schema)], schema=schema
            )
            if writer is None or in_file >= 4 * GROUP_ROWS:
                if writer is not None:
                    writer.close()
                files.append(os.path.join(request["directory"], f"part-{len(files):05}.snappy.parquet"))
                writer = pq.ParquetWriter(
                    files[-1], schema, compression="snappy", use_deprecated_int96_timestamps=True, store_schema=False
                )
                in_file = 0
            writer.write_table(table, row_group_size=GROUP_ROWS)
            in_file += table.num_rows
            rows += table.num_rows
    finally:
        if writer is not None:
            writer.close()
    return {"files": files, "rows": rows, "lengths": lengths}


def _batches(parts):
    """All batches; one without rows when there is none."""
    some = False
    for part in parts:
        with pa.memory_map(part) as file, pa.ipc.open_stream(file) as reader:
            for batch in reader:
                some = True
                yield batch
            schema = reader.schema
    if not some:
        yield pa.RecordBatch.from_pylist([], schema=schema)


def _longest(column):
    """The longest value: bytes of a binary, UTF-16 units of a text, in which the pool counts."""
    bytes_most = pc.max(pc.binary_length(column)).as_py() or 0
    if not pa.types.is_string(column.type):
        return bytes_most
    characters = pc.max(pc.utf8_length(column)).as_py() or 0
    if characters == bytes_most:
        return characters
    return max((len(value.encode("utf-16-le")) // 2 for value in column.to_pylist() if value is not None), default=0)


#: Types that Parquet has and the pool does not, and what they become. Nothing is lost by it.
_WIDER = {
    pa.int8(): pa.int16(),
    pa.uint8(): pa.int16(),
    pa.uint16(): pa.int32(),
    pa.uint32(): pa.int64(),
    pa.float16(): pa.float32(),
}


def _loadable(field, column):
    """The column as the pool's reader takes it: the same conversions as Spark's road has."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if kind in _WIDER:
        return column.cast(_WIDER[kind])
    if kind == pa.uint64():
        return column.cast(pa.decimal128(20, 0))
    if pa.types.is_null(kind):
        return column.cast(pa.string())
    if pa.types.is_large_string(kind) or kind == pa.string_view():
        return column.cast(pa.string())
    if pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind) or kind == pa.binary_view():
        return column.cast(pa.binary())
    if pa.types.is_timestamp(kind):
        # An instant is written by its UTC clock, a wall clock as it is.
        return _checked(field, lambda: column.cast(pa.timestamp("us", kind.tz)).cast(pa.timestamp("us")))
    if pa.types.is_date64(kind):
        return column.cast(pa.date32())
    if pa.types.is_time(kind):
        clock = column.cast(pa.time64("us")).cast(pa.int64()).cast(pa.timestamp("us"))
        return _checked(field, lambda: pc.strftime(clock, "%H:%M:%S"))
    if pa.types.is_nested(kind):
        return _checked(field, lambda: pa.array([_json(value) for value in column.to_pylist()], pa.string()))
    if pa.types.is_duration(kind) or pa.types.is_interval(kind) or pa.types.is_decimal256(kind):
        raise ColumnError(field.name, f"{kind} has no type in a SQL pool; cast it first")
    return column


def _checked(field, convert):
    try:
        return convert()
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise ColumnError(field.name, str(error)) from error


def _json(value):
    """Maps come as lists of pairs; dates and decimals as their text."""
    if value is None:
        return None
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def main():
    request = json.load(sys.stdin)
    try:
        result = {"to-arrow": to_arrow, "to-parquet": to_parquet}[request["task"]](request)
    except ColumnError as error:
        result = {"error": str(error), "column": error.column}
    except (OSError, pa.ArrowException) as error:
        result = {"error": str(error)}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()

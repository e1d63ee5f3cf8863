"""Arrow IPC stream files of a view: written whole, read by memory map."""

import os

import pyarrow as pa
from crossview_session import CrossviewError

batch_rows = 256 * 1024
batch_bytes = 16 * 1024 * 1024


def write(name, reader, path):
    """Writes all batches of a ``pyarrow.RecordBatchReader`` and gives what ``views.publish`` wants to know."""
    rows = 0
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file, pa.ipc.new_stream(file, reader.schema) as writer:
            for batch in sliced(reader):
                writer.write_batch(batch)
                rows += batch.num_rows
    except (OSError, pa.ArrowException) as error:
        raise CrossviewError(
            "VIEW_WRITE_FAILED",
            f'View "{name}" could not be written: {error}.',
            "Nothing was changed; when there is no space left, drop views or publish fewer rows.",
            {"view": name},
        ) from error
    return {"parts": [path], "rows": rows, "bytes": os.path.getsize(path), "totalRows": None}


def sliced(reader):
    """The batches, large ones in slices: readers go through a view by batch, and Spark's tasks share one among them."""
    for batch in reader:
        # A column of nothing has rows and no bytes.
        step = max(1, min(batch_rows, batch_bytes * batch.num_rows // max(1, batch.nbytes)))
        if batch.num_rows <= step:
            yield batch
        else:
            yield from (batch.slice(start, step) for start in range(0, batch.num_rows, step))


def table(name, parts):
    """All parts as one table whose buffers are the mapped files."""
    return _opened(name, parts, lambda readers: joined([reader.read_all() for reader in readers]))


def batches(name, parts):
    """The batches of all parts in order. All files are open before the first batch is given."""
    readers = _opened(name, parts, lambda readers: readers)
    return (batch for reader in readers for batch in reader)


def schema(name, parts):
    return _opened(name, parts, lambda readers: readers[0].schema)


def _opened(name, parts, use):
    try:
        return use([pa.ipc.open_stream(pa.memory_map(part)) for part in parts["parts"]])
    except (OSError, pa.ArrowException) as error:
        raise CrossviewError(
            "VIEW_READ_FAILED",
            f'View "{name}" could not be read: {error}.',
            "Its files are gone or damaged; make the view again.",
            {"view": name},
        ) from error


def joined(tables):
    """Parts of one view have one schema, but for what their writers noted about being nullable."""
    if len(tables) == 1:
        return tables[0]
    return pa.concat_tables(tables, promote_options="none" if _same(tables) else "default")


def _same(tables):
    return all(one.schema.equals(tables[0].schema) for one in tables)

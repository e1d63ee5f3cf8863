"""Arrow IPC stream files of a view: written whole, read by memory map."""

import collections
import concurrent.futures
import itertools
import os

import pyarrow as pa
from crossview_session import CrossviewError

from . import unchanged_tables

batch_rows = 256 * 1024
batch_bytes = 16 * 1024 * 1024
part_bytes = 64 * 1024 * 1024
writers = 3


def write(name, reader, directory):
    """Writes all batches of a ``pyarrow.RecordBatchReader`` and gives what ``views.publish`` wants to know.

    Large views become several parts, written by several threads while the next rows are made; of a stream no more than
    these are in memory.
    """
    try:
        groups = enumerate(_groups(sliced(reader)))
        first, second = next(groups), next(groups, None)
        if second is None:
            written = [_write_part(directory, reader.schema, first)]
        else:
            written = _write_parts(directory, reader.schema, itertools.chain([first, second], groups))
    except (OSError, pa.ArrowException) as error:
        raise CrossviewError(
            "VIEW_WRITE_FAILED",
            f'View "{name}" could not be written: {error}.',
            "Nothing was changed; when there is no space left, drop views or publish fewer rows.",
            {"view": name},
        ) from error
    return _wire([path for path, _ in written], sum(rows for _, rows in written))


def again(paths, rows, directory):
    """Like ``write``, for rows that these files of another view hold already; ``None`` when they cannot be had any more."""
    linked = unchanged_tables.link(paths, directory)
    return linked and _wire(linked, rows)


def _wire(paths, rows):
    size = sum(os.path.getsize(path) for path in paths)
    return {"parts": paths, "rows": rows, "bytes": size, "totalRows": None}


def _write_parts(directory, schema, groups):
    waiting, written = collections.deque(), []
    with concurrent.futures.ThreadPoolExecutor(writers) as pool:
        for group in groups:
            if len(waiting) == writers:
                written.append(waiting.popleft().result())
            waiting.append(pool.submit(_write_part, directory, schema, group))
        return written + [one.result() for one in waiting]


def _write_part(directory, schema, group):
    index, batches = group
    path = os.path.join(directory, f"part-{index}.arrows")
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with pa.OSFile(path, "wb") as file, pa.ipc.new_stream(file, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return path, sum(batch.num_rows for batch in batches)


def _groups(batches):
    """The batches of one part each; at least one group, so that the schema is written."""
    group, size = [], 0
    for batch in batches:
        if group and size + batch.nbytes > part_bytes:
            yield group
            group, size = [], 0
        group.append(batch)
        size += batch.nbytes
    yield group


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
    whole = _opened(name, parts, lambda readers: joined([reader.read_all() for reader in readers]))
    unchanged_tables.remember(whole, parts["parts"])
    return whole


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

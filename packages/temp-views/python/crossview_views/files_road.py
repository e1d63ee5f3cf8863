"""The road on one host: rows are files in the session's directory, written whole and read by memory map."""

import shutil

from crossview_session import session

from . import arrow_files, unchanged_tables


class FilesRoad:
    def __init__(self, session_of=session):
        self._session_of = session_of

    def call(self, method, params):
        return self._session_of().call(f"views.{method}", params)

    def open(self, name, limit=None):
        """The rows of a view, as they are now. Nothing is read yet."""
        return MappedRows(name, self.call("read", {"name": name} if limit is None else {"name": name, "limit": limit}))

    def publish(self, name, reader, language, table=None):
        """Binds ``name`` to the rows of a ``pyarrow.RecordBatchReader``; gives the view as ``list`` describes it.

        ``table`` is the table that the reader goes through as it is, if it is one.
        """
        directory = self.call("allocate", {})["directory"]
        try:
            files = unchanged_tables.files_of(table)
            written = files and arrow_files.again(files, table.num_rows, directory)
            written = written or arrow_files.write(name, reader, directory)
            return self.call("publish", {"name": name, "data": written, "language": language})
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            raise


class MappedRows:
    #: reading takes no memory of its own
    mapped = True

    def __init__(self, name, parts):
        self._name = name
        self._parts = parts
        self.rows = parts["rows"]
        self.bytes = parts["bytes"]

    def schema(self):
        return arrow_files.schema(self._name, self._parts)

    def table(self):
        return arrow_files.table(self._name, self._parts)

    def batches(self):
        return arrow_files.batches(self._name, self._parts)

    def close(self):
        """There is nothing to give back: the files are the session's."""

"""``synapsesql`` for Python without Spark: tables of a dedicated SQL pool as Arrow and pandas."""

import shutil

from crossview_session import CrossviewError, session

_MODES = {
    "error": "ErrorIfExists",
    "errorifexists": "ErrorIfExists",
    "append": "Append",
    "overwrite": "Overwrite",
    "ignore": "Ignore",
}


class Rows:
    """The rows of a read. The files behind them go when nothing refers to them any more."""

    def __init__(self, name, table):
        self.name = name
        self._table = table

    def arrow(self):
        """The rows as a ``pyarrow.Table``."""
        return self._table

    def to_pandas(self, dtype_backend=None):
        """The rows as a pandas frame; integers with missing values stay integers. See ``views``."""
        from crossview_views import pandas_frames

        return pandas_frames.from_arrow(self._table, dtype_backend)

    def polars(self):
        """The rows as a polars frame."""
        import polars

        return polars.from_arrow(self._table)

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)

    def __len__(self):
        return self._table.num_rows

    def __repr__(self):
        return f"{len(self):,} rows of {self.name}\n" + "\n".join(
            f"  {field.name}: {field.type}" for field in self._table.schema
        )


class SynapseSql:
    """``synapsesql.read(...)`` and ``synapsesql.write(...)``; options are those of the connector for Spark."""

    def __init__(self, session_of=session):
        self._session_of = session_of

    def read(self, source="", columns=None, limit=None, **options):
        """A table (``database.schema.table``), or a SELECT with ``database=...``, as :class:`Rows`."""
        from crossview_views import arrow_files

        directory = self._allocate()
        try:
            answer = self._call(
                "synapse.fetch",
                {
                    "source": source,
                    "options": _texts(options),
                    "cellId": "",
                    "columns": None if columns is None else list(columns),
                    "limit": None if limit is None else int(limit),
                    "directory": directory,
                },
            )
            _say(answer["note"])
            # The mapped files stay readable after their names are gone.
            return Rows(source or "query", arrow_files.table(source or "query", answer["data"]))
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def write(self, rows, table, mode="error", table_type="INTERNAL", location=None, **options):
        """Writes a pandas or polars frame, anything of pyarrow with rows, or the view of a name; gives the metrics."""
        known = _MODES.get(str(mode).lower())
        if known is None:
            raise CrossviewError(
                "SAVE_MODE_UNKNOWN", f'"{mode}" is not a save mode.', "It is error, append, overwrite or ignore."
            )
        directory = self._allocate()
        try:
            answer = self._call(
                "synapse.store",
                {
                    "table": table,
                    "tableType": table_type,
                    "location": location,
                    "mode": known,
                    "options": _texts(options),
                    "cellId": "",
                    "parts": self._parts(rows, directory),
                },
            )
        finally:
            shutil.rmtree(directory, ignore_errors=True)
        _say(answer["note"])
        _say(answer["summary"])
        return answer["metrics"]

    def _parts(self, rows, directory):
        from crossview_views import View, arrow_files, plain_columns, to_arrow

        if isinstance(rows, View):
            rows = rows.name
        if isinstance(rows, str):
            return self._call("views.read", {"name": rows})["parts"]
        batches = plain_columns.plain(to_arrow.reader("rows", rows))
        return arrow_files.write("rows", batches, directory)["parts"]

    def _allocate(self):
        return self._call("views.allocate", {})["directory"]

    def _call(self, method, params):
        return self._session_of().call(method, params)


def _texts(options):
    return {key: str(value) for key, value in options.items() if value is not None}


def _say(line):
    if line:
        print(line)


synapsesql = SynapseSql()

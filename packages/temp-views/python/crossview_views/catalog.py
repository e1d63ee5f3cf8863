"""The ``views`` object of Python cells."""

import warnings

from . import memory, pandas_frames, plain_columns, to_arrow, unfit_column
from .files_road import FilesRoad


class Views:
    """The views of the session by name; names are case-insensitive.

    ``views["v"]`` gives a :class:`View`, ``views["v"] = frame`` publishes a pandas or polars frame or anything of
    pyarrow that has rows, ``del views["v"]`` drops one everywhere, ``list(views)`` gives the names.
    """

    def __init__(self, road=None):
        """``road`` is how rows come and go: files of this host unless given."""
        self._road = road or FilesRoad()

    def __getitem__(self, name):
        """Raises ``CrossviewError`` with code ``VIEW_NOT_FOUND`` and the nearest names."""
        return View(self._road, name, self._described(name))

    def __setitem__(self, name, frame):
        self.publish(name, frame)

    def __delitem__(self, name):
        if not self.drop(name):
            self._road.open(name, 0).close()  # says what is there instead

    def drop(self, name):
        """Drops a view in every language; gives whether there was one."""
        return self._road.call("drop", {"name": name})["dropped"]

    def stream(self, name, limit=None):
        """The rows one ``pyarrow.RecordBatch`` after the other; the next is read when it is asked for."""
        return self[name].batches(limit)

    def __contains__(self, name):
        return isinstance(name, str) and self._found(name) is not None

    def __iter__(self):
        return iter([view["name"] for view in self.list()])

    def __len__(self):
        return len(self.list())

    def __repr__(self):
        lines = [f"{view['name']}  {_rows(view.get('rows'))}, made in {view['language']}" for view in self.list()]
        return "\n".join(lines) if lines else "no views yet"

    def _ipython_key_completions_(self):
        return list(self)

    def list(self):
        """All views as dictionaries with name, language, scope, fields, rows (``None`` if not known) and bytes held."""
        return self._road.call("list", {})["views"]

    def publish(self, name, frame, language="python"):
        """Binds ``name`` to the rows of a frame, in every language.

        The index of a pandas frame is left out unless it has a name; categories become their values.
        Raises ``CrossviewError`` ``VIEW_TYPE_UNSUPPORTED``, naming the column, for objects that Arrow has no type for.
        """
        if isinstance(frame, View):
            frame = frame.arrow()
        reader = to_arrow.reader(name, frame)
        batches = plain_columns.plain(reader)
        info = self._road.publish(name, batches, language, frame if batches is reader else None)
        if info.get("note"):
            warnings.warn(info["note"], stacklevel=3)
        return View(self._road, info["name"], info)

    def _described(self, name):
        found = self._found(name)
        if found is None:
            self._road.open(name, 0).close()
            found = self._found(name) or {"name": name}
        return found

    def _found(self, name):
        wanted = str(name).lower()
        names = (wanted, f"global_temp.{wanted}")
        return next((view for view in self.list() if view["name"].lower() in names), None)


class View:
    """One view of the session; its rows are fetched when they are asked for, as they are then."""

    def __init__(self, road, name, info):
        self._road = road
        self._info = info
        self.name = info.get("name", name)

    @property
    def rows(self):
        """How many rows the view has. A Spark view that nobody has read yet is read for it."""
        known = self._info.get("rows")
        if known is not None:
            return known
        opened = self._open(None)
        opened.close()
        return opened.rows

    @property
    def schema(self):
        """The schema as Arrow has it (``pyarrow.Schema``)."""
        return self._open(0).schema()

    def arrow(self, limit=None, large=False):
        """The rows as a ``pyarrow.Table``. On the notebook's host it maps the session's files and nothing is copied;
        elsewhere the rows are fetched, and ``large`` is what ``to_pandas`` says of it."""
        opened = self._open(limit)
        if not opened.mapped:
            self._check(opened, large)
        return opened.table()

    def batches(self, limit=None):
        """The rows one ``pyarrow.RecordBatch`` after the other; the next is read when it is asked for."""
        return self._open(limit).batches()

    def to_pandas(self, limit=None, dtype_backend=None, large=False):
        """The rows as a pandas frame.

        Integers and booleans keep their type when values are missing: such columns come as pandas' own ``Int64`` or
        ``boolean`` (lists and structs with such values inside as Arrow-backed columns), all others as NumPy types.
        ``dtype_backend="pyarrow"`` gives Arrow-backed columns without a copy, ``"numpy_nullable"`` pandas' own types
        everywhere, ``"numpy"`` what pyarrow does (missing integers make floats).

        A view that is large for the memory that is free is read only with ``large=True`` or a ``limit``: otherwise
        ``CrossviewError`` ``VIEW_TOO_LARGE``.
        """
        pandas_frames.check_backend(dtype_backend)
        opened = self._open(limit)
        if dtype_backend != "pyarrow" or not opened.mapped:
            self._check(opened, large)
        return unfit_column.naming(
            self.name, opened.table(), "pandas", lambda table: pandas_frames.from_arrow(table, dtype_backend)
        )

    def polars(self, limit=None, large=False):
        """The rows as a polars frame, which has copies of texts; ``large`` is what ``to_pandas`` says of it."""
        import polars

        opened = self._open(limit)
        self._check(opened, large)
        return unfit_column.naming(self.name, opened.table(), "polars", polars.from_arrow)

    def __arrow_c_stream__(self, requested_schema=None):
        """Lets every library with Arrow's C stream interface (DuckDB, polars, pandas) read the view by itself."""
        return self.arrow().__arrow_c_stream__(requested_schema)

    def __len__(self):
        return self.rows

    def __repr__(self):
        fields = self._info.get("fields")
        columns = "" if not fields else "\n" + "\n".join(f"  {field['name']}: {field['type']}" for field in fields)
        note = self._info.get("note")
        return f"view {self.name}: {_rows(self._info.get('rows'))}{columns}" + (f"\n{note}" if note else "")

    def _open(self, limit):
        return self._road.open(self.name, None if limit is None else int(limit))

    def _check(self, opened, large):
        try:
            memory.check(self.name, opened.bytes, large)
        except BaseException:
            opened.close()
            raise


def _rows(count):
    return "rows not counted yet" if count is None else f"{count:,} rows" if count != 1 else "1 row"

"""``abfss://`` and ``wasbs://`` for fsspec: found through ``entry_points.txt``, so nothing is imported before it is needed."""

import os
import re
import shutil
import tempfile

from crossview_session import CrossviewError, session
from fsspec import AbstractFileSystem
from fsspec.callbacks import DEFAULT_CALLBACK


def _call(method, **params):
    """Raises FileNotFoundError where Python programs expect it."""
    try:
        return session().call(f"fs.{method}", params)
    except CrossviewError as error:
        if error.code == "FILE_NOT_FOUND":
            raise FileNotFoundError(str(error)) from error
        raise


class LakeFileSystem(AbstractFileSystem):
    """Files of the lake. Credentials in ``storage_options`` are not used: the profile says how an account is reached."""

    protocol = ("abfs", "abfss", "wasb", "wasbs")
    cachable = False
    # What stands in front of a path without its protocol. Container and account say all, so one scheme does for four.
    _front = "abfss://"

    def __init__(self, account_name=None, **options):
        super().__init__(**options)
        self._account = account_name

    @classmethod
    def _strip_protocol(cls, path):
        # ``container@account.dfs.core.windows.net/path``: the address says the account, so it stays in the path.
        if isinstance(path, list):
            return [cls._strip_protocol(each) for each in path]
        return re.sub(r"^[a-z]+:/*", "", str(path)).rstrip("/")

    def _full(self, path):
        container, _, rest = self._strip_protocol(path).partition("/")
        if "@" not in container and self._account:
            container = f"{container}@{self._account}.dfs.core.windows.net"
        return f"{self._front}{container}/{rest}"

    def ls(self, path, detail=True, **options):
        found = [self._info(item) for item in _call("ls", path=self._full(path))["files"]]
        return found if detail else [item["name"] for item in found]

    def info(self, path, **options):
        found = _call("stat", path=self._full(path))["file"]
        if found is None:
            raise FileNotFoundError(path)
        return {**self._info(found), "name": self._strip_protocol(path)}

    def _info(self, item):
        kind = "directory" if item["isDir"] else "file"
        return {"name": self._strip_protocol(item["path"]), "size": item["size"], "type": kind, "mtime": item["modifyTime"] / 1000}

    def modified(self, path):
        import datetime

        return datetime.datetime.fromtimestamp(self.info(path)["mtime"], tz=datetime.timezone.utc)

    def makedirs(self, path, exist_ok=False):
        _call("mkdirs", path=self._full(path))

    def mkdir(self, path, create_parents=True, **options):
        self.makedirs(path)

    def _rm(self, path):
        _call("rm", path=self._full(path), recurse=True)

    def rm(self, path, recursive=False, maxdepth=None):
        for each in path if isinstance(path, list) else [path]:
            _call("rm", path=self._full(each), recurse=recursive)

    def rmdir(self, path):
        _call("rm", path=self._full(path), recurse=False)

    def cp_file(self, path1, path2, **options):
        _call("cp", path=self._full(path1), to=self._full(path2), recurse=True)

    def mv(self, path1, path2, recursive=False, maxdepth=None, **options):
        _call("mv", path=self._full(path1), to=self._full(path2), create=True, overwrite=True)

    def put_file(self, lpath, rpath, callback=DEFAULT_CALLBACK, **options):
        if os.path.isdir(lpath):
            self.makedirs(rpath)
        else:
            _call("store", file=os.path.abspath(lpath), path=self._full(rpath))

    def get_file(self, rpath, lpath, callback=DEFAULT_CALLBACK, outfile=None, **options):
        if self.isdir(rpath):
            os.makedirs(lpath, exist_ok=True)
            return
        with self._open(rpath, "rb") as source, open(lpath, "wb") as target:
            shutil.copyfileobj(source, target)

    def _open(self, path, mode="rb", **options):
        if mode in ("rb", "r"):
            return _Reader(**_call("fetch", path=self._full(path)))
        before = None
        if "a" in mode and self.exists(path):
            before = _call("fetch", path=self._full(path))
        return _Writer(self._full(path), before)


class MountFileSystem(LakeFileSystem):
    """``synfs:/JOB/MOUNT/…``: what the session mounted."""

    protocol = "synfs"
    _front = "synfs:/"


class _Reader:
    """A file of this machine that goes when it is closed, if it was fetched only for reading."""

    def __new__(cls, file, temporary):
        opened = open(file, "rb")  # noqa: SIM115 - the caller closes it
        if temporary:
            # The name goes at once, the bytes when the file is closed.
            shutil.rmtree(os.path.dirname(file), ignore_errors=True)
        return opened


class _Writer:
    """Collects what is written, and puts it into the lake when it is closed without an error."""

    def __init__(self, path, before):
        self._path = path
        self._file = tempfile.NamedTemporaryFile(prefix="crossview-lake-", delete=False)  # noqa: SIM115
        if before is not None:
            with _Reader(**before) as source:
                shutil.copyfileobj(source, self._file)

    def __getattr__(self, name):
        return getattr(self._file, name)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        if kind is None:
            self.close()
        else:
            self._discard()

    def close(self):
        """Raises CrossviewError when the lake does not take the file."""
        if self._file.closed:
            return
        self._file.close()
        try:
            _call("store", file=self._file.name, path=self._path)
        finally:
            os.unlink(self._file.name)

    def _discard(self):
        self._file.close()
        os.unlink(self._file.name)

"""Parquet of storage paths in pandas: by fsspec, which knows the lake, and never by pyarrow's own client of Azure.

Pandas asks pyarrow first, and pyarrow goes to the real account whatever the profile says.
"""

import importlib.util
import re
import sys

_MODULE = "pandas.io.parquet"
_STORAGE = re.compile(r"^(abfss?|wasbs?)://", re.IGNORECASE)


def watch():
    """Corrects pandas when it is imported, which is not now."""
    if _MODULE in sys.modules:
        _correct(sys.modules[_MODULE])
    elif not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds the one module as Python would, and corrects it when it is loaded."""

    def find_spec(self, name, path=None, target=None):
        if name != _MODULE:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            _correct(module)

        spec.loader.exec_module = exec_module
        return spec


def _correct(module):
    original = getattr(module, "_get_path_or_handle", None)
    if original is None or getattr(original, "crossview", False):
        return

    def get_path_or_handle(path, fs, storage_options=None, *rest, **options):
        if fs is None and storage_options is None and isinstance(path, str) and _STORAGE.match(path):
            # Options that are there, and be it none, mean fsspec.
            storage_options = {}
        return original(path, fs, storage_options, *rest, **options)

    get_path_or_handle.crossview = True
    module._get_path_or_handle = get_path_or_handle

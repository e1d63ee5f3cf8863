"""Brings ``views`` into a Python kernel that has none of Crossview's packages: their sources come as text.

The kernel of the notebook runs this file in the other kernel before its first cell, and then calls ``install``.
"""

import importlib.abc
import importlib.util
import sys


class _Carried(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, sources):
        self._sources = sources  # module name: text

    def find_spec(self, name, path=None, target=None):
        if name not in self._sources:
            return None
        package = any(other.startswith(f"{name}.") for other in self._sources)
        return importlib.util.spec_from_loader(name, self, origin=f"<{name}>", is_package=package)

    def exec_module(self, module):
        exec(compile(self._sources[module.__name__], f"<{module.__name__}>", "exec"), module.__dict__)

    def get_source(self, name):
        return self._sources.get(name)


class _NoViews:
    """Stands for ``views`` where they cannot be, and says why when somebody asks for them."""

    def __init__(self, reason):
        self.__dict__["_reason"] = reason

    def _refuse(self, *_):
        raise ImportError(self._reason)

    __getitem__ = __setitem__ = __delitem__ = __contains__ = __iter__ = __len__ = _refuse

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise ImportError(self._reason)

    def __repr__(self):
        return self._reason


def install(shell, sources, road):
    """Puts ``views`` into the namespace of an IPython shell.

    Args:
        sources: texts of the modules, by name.
        road: ``files`` in a kernel on the host of the notebook, ``comm`` in any other.
    """
    sys.meta_path.append(_Carried(sources))
    shell.push({"views": _views(road)}, interactive=False)


def _views(road):
    try:
        import crossview_views

        if road == "files":
            return crossview_views.views
        from crossview_views import comm_road

        views = crossview_views.Views(comm_road.CommRoad())
        crossview_views.views = views
        return views
    except ImportError as error:
        return _NoViews(f"This kernel has no views: {error}. They need pyarrow (%pip install pyarrow), then a restart of this kernel.")
    except AttributeError as error:
        return _NoViews(f"This kernel has no views: it is not based on ipykernel 6 or newer ({error}).")

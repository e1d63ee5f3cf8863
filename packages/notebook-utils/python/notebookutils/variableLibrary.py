"""variableLibrary: variables by library, as the profile has them under ``variables``."""

import sys

from crossview_session import session

from . import _help

__all__ = ["get", "getLibrary", "help"]
# ruff: noqa: N802


class Library:
    """A library; its variables are attributes."""

    def __init__(self, name, values):
        self._name, self._values = name, values

    def __getattr__(self, name):
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(f"variable library {self._name} has no variable {name}; it has: {', '.join(self._values)}") from None

    def __getitem__(self, name):
        return getattr(self, name)

    def getVariable(self, name):
        return getattr(self, name)


def getLibrary(name):
    """A library by name.

    Raises ValueError with the names there are.
    """
    known = session().call("environment.get", {})["variables"]
    if name not in known:
        raise ValueError(f"There is no variable library {name}; the profile has: {', '.join(known) or 'none'}. Add it under variables in crossview.json.")
    return Library(name, known[name])


def get(reference):
    """A variable by ``$(/**/LIBRARY/VARIABLE)``."""
    library, _, name = reference.strip().removeprefix("$(").removesuffix(")").removeprefix("/**/").strip("/").partition("/")
    return getattr(getLibrary(library), name)


def help(method=""):  # noqa: A001
    """Print the functions of this module."""
    _help.show(sys.modules[__name__], method, "variableLibrary")

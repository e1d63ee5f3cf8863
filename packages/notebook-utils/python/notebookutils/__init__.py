"""The helpers that Synapse (``mssparkutils``) and Fabric (``notebookutils``) put into every notebook.

What is here works against the profile in force; what is not raises an error that names it.
"""

from . import credentials

__all__ = ["credentials", "help"]

_MODULES = {"credentials": credentials}

# Modules of the real package that are not built here, by name, so that a notebook is told instead of meeting an AttributeError.
_MISSING = {
    "fs", "notebook", "env", "runtime", "session", "lakehouse", "variableLibrary", "udf", "workspace", "mount", "data",
}


def help(module: str = "") -> None:  # noqa: A001 - the name is the real package's
    """Print what there is: all modules, or the functions of one."""
    if module:
        _MODULES[module].help()
        return
    for name, each in _MODULES.items():
        print(f"{name}: {(each.__doc__ or '').strip().splitlines()[0]}")


def __getattr__(name: str):
    if name in _MISSING:
        raise NotImplementedError(
            f"mssparkutils.{name} is not supported by Crossview. Available: {', '.join(sorted(_MODULES))}."
        )
    raise AttributeError(f"module 'notebookutils' has no attribute {name!r}")

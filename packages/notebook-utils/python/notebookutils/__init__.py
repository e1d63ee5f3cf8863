"""The helpers that Synapse (``mssparkutils``) and Fabric (``notebookutils``) put into every notebook.

What is here works against the profile in force; what cannot be here raises an error that names it.
"""

import importlib

_MODULES = ("fs", "notebook", "credentials", "env", "runtime", "session", "lakehouse", "variableLibrary")

# Modules of the real package that stand for services of the product, by name, so that a notebook is told.
_SERVICES = {
    "udf": "user data functions run in Fabric only",
    "workspace": "workspaces are folders here; use files and Git",
    "data": "connect with %%tsql, spark.read or a driver",
    "warehouse": "use %%tsql, which reaches the pool of the profile",
    "nbResPath": "put resources beside the notebook and use relative paths",
    "conf": "use spark.conf",
    "fabricClient": "Fabric's REST API is not there; use a profile and the command line",
    "PBIClient": "Power BI is not there; use the Power BI REST API with credentials.getToken(\"pbi\")",
}

__all__ = ["credentials", "env", "exit", "fs", "help", "lakehouse", "mssparkutils", "notebook", "runtime", "session", "variableLibrary"]


def help(module="", method=""):  # noqa: A001 - the name is the real package's
    """Print what there is: all modules, or the functions of one."""
    if module:
        if module not in _MODULES:
            raise ValueError(f"mssparkutils has no module {module}. It has: {', '.join(_MODULES)}.")
        importlib.import_module(f"notebookutils.{module}").help(method)
        return
    print("mssparkutils (Synapse) and notebookutils (Fabric), against the profile in force:\n")
    for name in _MODULES:
        each = importlib.import_module(f"notebookutils.{name}")
        # The first line of a module's text starts with its name.
        print((each.__doc__ or name).strip().splitlines()[0])
    print('\nUse mssparkutils.MODULE.help() for the functions of a module.')


def exit(value=""):  # noqa: A001 - the name is the real package's
    """The same as ``notebook.exit``."""
    from . import notebook

    notebook.exit(value)


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f"notebookutils.{name}")
    if name == "mssparkutils":
        return importlib.import_module("mssparkutils")
    if name in _SERVICES:
        raise NotImplementedError(f"notebookutils.{name} is not supported by Crossview: {_SERVICES[name]}.")
    raise AttributeError(f"module 'notebookutils' has no attribute {name!r}")

"""The name under which Synapse has notebookutils."""

import notebookutils as _notebookutils
from notebookutils import help  # noqa: A004

__all__ = ["credentials", "env", "fs", "help", "lakehouse", "notebook", "runtime", "session"]


def __getattr__(name: str):
    return getattr(_notebookutils, name)

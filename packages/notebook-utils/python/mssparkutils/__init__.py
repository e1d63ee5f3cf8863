"""The name under which Synapse has notebookutils."""

import notebookutils as _notebookutils
from notebookutils import credentials, help  # noqa: A004

__all__ = ["credentials", "help"]


def __getattr__(name: str):
    return getattr(_notebookutils, name)

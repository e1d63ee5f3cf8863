"""Asks before a view fills the memory of the process that reads it."""

import os

from crossview_session import CrossviewError


def check(name, size, large):
    """Raises ``CrossviewError`` ``VIEW_TOO_LARGE`` when a copy of the rows takes more than a share of what is free.

    The share is half, or what ``CROSSVIEW_READ_SHARE`` says.
    """
    free = _available()
    share = float(os.environ.get("CROSSVIEW_READ_SHARE", "0.5"))
    if large or free is None or size <= share * free:
        return
    raise CrossviewError(
        "VIEW_TOO_LARGE",
        f'View "{name}" has {size / 1e9:,.3g} GB, and {free / 1e9:,.3g} GB of memory are free.',
        f'Ask for fewer rows (limit=N), map it without a copy (views["{name}"].arrow()), go through it in batches '
        f'(views["{name}"].batches()), or say large=True to read it all the same.',
        {"view": name, "bytes": size, "available": free},
    )


def _available():
    """Bytes that can be used without swapping, or ``None`` where the host does not say."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        return None

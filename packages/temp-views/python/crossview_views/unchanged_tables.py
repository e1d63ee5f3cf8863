"""Tables that are nothing but the mapped files of a view: publishing one again needs no second copy of its rows."""

import os
import weakref

_files = {}


def remember(table, paths):
    """Notes that a ``pyarrow.Table`` is these files, for as long as it lives. It cannot be changed, and neither can they."""
    key = id(table)
    _files[key] = (weakref.ref(table, lambda _: _files.pop(key, None)), tuple(paths))


def files_of(frame):
    """The files that ``frame`` is, or ``None``."""
    table, paths = _files.get(id(frame), (None, None))
    return paths if table is not None and table() is frame else None


def link(paths, directory):
    """Gives the files a second name each, in ``directory``; gives the new paths, or ``None`` where that cannot be done:
    the view was replaced and its files are gone, or the host has no such links."""
    made = []
    try:
        for index, path in enumerate(paths):
            own = os.path.join(directory, f"part-{index}.arrows")
            os.link(path, own)
            made.append(own)
    except (OSError, NotImplementedError):
        for own in made:
            os.unlink(own)
        return None
    return made

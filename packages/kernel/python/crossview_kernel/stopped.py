"""What a cell says that Stop ended while it waited for Spark: ``KeyboardInterrupt`` at the user's line, and nothing of Py4J."""

import os
import types

_ENGINES = tuple(f"{os.sep}{name}{os.sep}" for name in ("py4j", "pyspark"))


def behind(error):
    """The ``KeyboardInterrupt`` that an error is or came of, as it should be shown; None when Stop has no part in it.

    Stop hits Py4J in the middle of an answer. What it then fails with, while it cleans up, is not the user's; what the
    user's own code raises after a Stop is.
    """
    if not isinstance(error, KeyboardInterrupt) and not _raised_by_an_engine(error.__traceback__):
        return None
    seen = set()
    waiting = [error]
    while waiting:
        found = waiting.pop()
        if found is None or id(found) in seen:
            continue
        if isinstance(found, KeyboardInterrupt):
            return _shown(found, error.__traceback__)
        seen.add(id(found))
        waiting += [found.__cause__, found.__context__]
    return None


def _shown(stopped, traceback):
    frames = []
    while traceback is not None and not _of_an_engine(traceback):
        frames.append(traceback)
        traceback = traceback.tb_next
    kept = None
    for frame in reversed(frames):
        kept = types.TracebackType(kept, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    shown = KeyboardInterrupt(*stopped.args).with_traceback(kept)
    shown.__suppress_context__ = True
    return shown


def _raised_by_an_engine(traceback):
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback is not None and _of_an_engine(traceback)


def _of_an_engine(traceback):
    return any(part in traceback.tb_frame.f_code.co_filename for part in _ENGINES)


def watch(shell):
    """Has the shell show such errors so. Gives a function that tells, once, the one shown since it was asked last."""
    last = []
    plain = shell._get_exc_info

    def exc_info(exc_tuple=None):
        kind, error, traceback = plain(exc_tuple)
        stopped = behind(error)
        if stopped is None:
            return kind, error, traceback
        last.append(stopped)
        return KeyboardInterrupt, stopped, stopped.__traceback__

    def take():
        found = last[-1] if last else None
        last.clear()
        return found

    shell._get_exc_info = exc_info
    return take

"""fs: files of the lake and of this machine."""

from crossview_session import CrossviewError, session

from . import _help
from ._files import FileInfo, MountPointInfo

__all__ = [
    "append", "cp", "exists", "fastcp", "getMountPath", "head", "help", "ls", "mkdirs", "mount", "mounts", "mv", "put",
    "refreshMounts", "rm", "unmount",
]
# The names of arguments are the real package's, because notebooks use them.
# ruff: noqa: N802, N803


def _call(method, **params):
    return session().call(f"fs.{method}", params)


def ls(dir):  # noqa: A002
    """List what is in a directory: objects with name, path, size, isDir, isFile, modifyTime."""
    return [FileInfo(**each) for each in _call("ls", path=dir)["files"]]


def mkdirs(dir):  # noqa: A002
    """Make a directory and those above it."""
    _call("mkdirs", path=dir)
    return True


def cp(src, dest, recurse=False):
    """Copy a file, or a directory with ``recurse=True``."""
    _call("cp", path=src, to=dest, recurse=bool(recurse))
    return True


def fastcp(src, dest, recurse=True, extraConfigs=None):
    """Copy a file or a directory; here the same as ``cp``. ``extraConfigs`` is accepted and not used."""
    return cp(src, dest, recurse)


def mv(src, dest, create_path=False, overwrite=False, **others):
    """Move a file or directory. ``create_path`` makes the directories above the target, ``overwrite`` replaces it.

    In Synapse the third argument is ``recurse``; both are taken for "make what is missing".
    """
    create = bool(create_path or others.get("recurse") or others.get("createPath") or others.get("recursive"))
    _call("mv", path=src, to=dest, create=create, overwrite=bool(overwrite))
    return True


def put(file, content, overwrite=False):
    """Write a text into a file, as UTF-8."""
    _call("put", path=file, content=str(content), overwrite=bool(overwrite))
    return True


def head(file, maxBytes=1024 * 100, max_bytes=None):
    """The first bytes of a file, at most ``maxBytes``, as text."""
    return _call("head", path=file, maxBytes=int(max_bytes or maxBytes))["text"]


def append(file, content, createFileIfNotExists=False):
    """Append a text to a file."""
    _call("append", path=file, content=str(content), create=bool(createFileIfNotExists))
    return True


def rm(dir, recurse=False):  # noqa: A002
    """Remove a file, or a directory with ``recurse=True``."""
    _call("rm", path=dir, recurse=bool(recurse))
    return True


def exists(file):
    """Whether there is a file or directory of this name."""
    return _call("stat", path=file)["file"] is not None


def mount(source, mountPoint, extraConfigs=None):
    """Give a place in the lake a short name for this session: ``/name``; Spark reads it as ``synfs:/JOB/name/…``.

    Keys, tokens and linked services in ``extraConfigs`` are not used: the profile says how an account is reached.
    """
    _call("mount", source=source, mountPoint=mountPoint)
    return True


def unmount(mountPoint, extraConfigs=None):
    """Take a mount point away; False when there was none."""
    return _call("unmount", mountPoint=mountPoint)["removed"]


def mounts(extraOptions=None):
    """What is mounted."""
    return [MountPointInfo(**each, localPath=_path(each["mountPoint"])) for each in _call("mounts")["mounts"]]


def refreshMounts():
    """Nothing to refresh here: mounts are of this session."""
    return True


def getMountPath(mountPoint, scope="job"):
    """The path of a mount point on this machine, for ``open`` and other functions that know no Spark.

    Raises CrossviewError ``MOUNT_REMOTE`` when the mounted account is no folder of this machine.
    """
    return _call("localPath", path=f"synfs:/{str(mountPoint).lstrip('/')}")["path"]


def _path(mount_point):
    try:
        return getMountPath(mount_point)
    except CrossviewError as error:
        if error.code == "MOUNT_REMOTE":
            return ""
        raise


def help(method=""):  # noqa: A001
    """Print the functions of this module."""
    import sys

    _help.show(sys.modules[__name__], method, "fs")

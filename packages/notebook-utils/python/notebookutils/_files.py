"""What ``fs.ls`` and ``fs.mounts`` give."""


class FileInfo:
    """A file or directory: ``path``, ``name``, ``size``, ``isDir``, ``isFile``, ``modifyTime`` (milliseconds)."""

    def __init__(self, path, name, size, isDir, isFile, modifyTime):  # noqa: N803 - the real package's names
        self.path, self.name, self.size = path, name, size
        self.isDir, self.isFile, self.modifyTime = isDir, isFile, modifyTime

    def __repr__(self):
        return f"FileInfo(path={self.path}, name={self.name}, size={self.size})"

    def __iter__(self):
        return iter((self.path, self.name, self.size))

    def __eq__(self, other):
        return isinstance(other, FileInfo) and vars(self) == vars(other)

    __hash__ = None


class MountPointInfo:
    """``mountPoint``, ``source``, ``scope``, ``localPath`` of something that is mounted."""

    def __init__(self, mountPoint, source, scope, localPath):  # noqa: N803
        self.mountPoint, self.source, self.scope, self.localPath = mountPoint, source, scope, localPath
        self.storageType = source.partition(":")[0]

    def __repr__(self):
        return f"MountPointInfo(mountPoint={self.mountPoint}, source={self.source}, scope={self.scope}, localPath={self.localPath})"

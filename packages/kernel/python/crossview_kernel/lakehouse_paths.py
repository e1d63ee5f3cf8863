"""``/lakehouse/default`` of Fabric: a path that this machine need not have."""

import ast

_MOUNT = "/lakehouse/default"


class LakehousePaths(ast.NodeTransformer):
    """Texts of a cell that start with ``/lakehouse/default`` lead to the folder of the default lakehouse."""

    def __init__(self, folder):
        self._folder = folder.rstrip("/")

    def visit_Constant(self, node):  # noqa: N802 - the name that ast calls
        if isinstance(node.value, str):
            for start in (_MOUNT, "file:" + _MOUNT, "file://" + _MOUNT):
                if node.value == start or node.value.startswith(start + "/"):
                    changed = start.replace(_MOUNT, self._folder) + node.value[len(start) :]
                    return ast.copy_location(ast.Constant(changed, kind=node.kind), node)
        return node

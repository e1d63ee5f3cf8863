"""``/lakehouse/default`` of Fabric: a path that this machine need not have."""

import ast
import re

_MOUNT = "/lakehouse/default"
_folder = None

# Functions that IPython makes of ``!command`` and of ``%%bash``: their texts hold paths as words.
_SHELLS = {"system", "getoutput", "run_cell_magic", "run_line_magic"}
_WORD = re.compile(r"(?<![\w./-])/lakehouse/default(?![\w.-])")


def lead_to(folder):
    """The folder of the default lakehouse from the next cell on; None without one."""
    global _folder
    _folder = folder.rstrip("/") if folder else None


class LakehousePaths(ast.NodeTransformer):
    """Texts of a cell that start with ``/lakehouse/default`` lead to the folder of the default lakehouse."""

    def visit_Call(self, node):  # noqa: N802 - the name that ast calls
        self.generic_visit(node)
        if _folder and isinstance(node.func, ast.Attribute) and node.func.attr in _SHELLS:
            node.args = [_replaced(each, lambda text: _WORD.sub(lambda _: _folder, text)) for each in node.args]
        return node

    def visit_Constant(self, node):  # noqa: N802
        return _replaced(node, _located) if _folder else node


def _located(text):
    for start in (_MOUNT, "file:" + _MOUNT, "file://" + _MOUNT):
        if text == start or text.startswith(start + "/"):
            return start.replace(_MOUNT, _folder) + text[len(start) :]
    return text


def _replaced(node, change):
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return node
    changed = change(node.value)
    return node if changed == node.value else ast.copy_location(ast.Constant(changed, kind=node.kind), node)

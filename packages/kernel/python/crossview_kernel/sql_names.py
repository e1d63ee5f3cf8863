"""Names that SQL cells gave to their results, as variables of the Python cells that come after."""

import ast

_seen = {}


def bind(shell, role, names, code):
    """Makes a variable of each name that the cell uses and that a SQL cell has given since the last time.

    In a cell on Spark it is the Spark frame of the view, in any other a pandas frame.

    Args:
        names: numbers by name; a larger one when a SQL cell gave the name anew.

    Raises:
        CrossviewError: ``VIEW_TOO_LARGE``, as ``to_pandas`` does.
    """
    fresh = {name: number for name, number in names.items() if _seen.get(name) != number}
    for name in used(shell.transform_cell(code), fresh) if fresh else ():
        found = _frame(shell, role, name)
        if found is not None:
            shell.push({name: found})
        _seen[name] = fresh[name]


def used(code, names):
    """Those of the names that the code reads before it binds them itself."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return []
    reads, writes = {}, {}
    for statement in ast.walk(tree):
        for name, place in _bound_by(statement):
            writes[name] = min(place, writes.get(name, place))
        read = statement.target if isinstance(statement, ast.AugAssign) else statement
        if isinstance(read, ast.Name) and read.id in names and (read is not statement or isinstance(read.ctx, ast.Load)):
            place = (read.lineno, read.col_offset)
            reads[read.id] = min(place, reads.get(read.id, place))
    return [name for name, place in reads.items() if name not in writes or place < writes[name]]


def _bound_by(statement):
    if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        # The value is read before the target is bound.
        place = (statement.end_lineno, statement.end_col_offset)
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id, place
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield (alias.asname or alias.name).partition(".")[0], (statement.lineno, statement.col_offset)
    elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name, (statement.lineno, statement.col_offset)
    elif isinstance(statement, (ast.For, ast.AsyncFor)):
        for node in ast.walk(statement.target):
            if isinstance(node, ast.Name):
                yield node.id, (statement.lineno, statement.col_offset)


def _frame(shell, role, name):
    if role == "pyspark" and "spark" in shell.user_ns:
        spark = shell.user_ns["spark"]
        return spark.table(name) if spark.catalog.tableExists(name) else None
    from crossview_views import views

    return views[name].to_pandas() if name in views else None

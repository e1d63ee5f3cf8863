"""Values of names for ``{name}`` in SQL cells."""

import datetime
import decimal

MIME = "application/vnd.crossview.value+json"
_SAFE = 2**53


class Parameter:
    """A value as JSON; what JSON has no word for is ``{"type": …, "value": text}``."""

    def __init__(self, found, value=None):
        self.found = found
        self.value = value

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": repr(self.value), MIME: {"found": self.found, "value": self.value}}


def parameter(name):
    """The value that ``name`` has in the namespace of the cells."""
    from IPython import get_ipython

    names = get_ipython().user_ns
    if name not in names:
        return Parameter(False)
    return Parameter(True, to_json(names[name]))


def to_json(value):
    """
    Raises:
        TypeError: for a value that is no SQL scalar.
    """
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if -_SAFE < value < _SAFE else {"type": "bigint", "value": str(value)}
    if isinstance(value, float):
        return value if value == value and value not in (float("inf"), float("-inf")) else {"type": "double", "value": str(value)}
    if isinstance(value, decimal.Decimal):
        return {"type": "decimal", "value": str(value)}
    if isinstance(value, datetime.datetime):
        return {"type": "timestamp", "value": value.isoformat(sep=" ")}
    if isinstance(value, datetime.date):
        return {"type": "date", "value": value.isoformat()}
    raise TypeError(f"a {type(value).__name__} cannot be a parameter of a SQL cell")

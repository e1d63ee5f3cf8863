"""The error of a session, as it travels between its processes."""


class CrossviewError(Exception):
    """What happened to which thing, and what to do.

    Attributes:
        code: a word that never changes, such as ``VIEW_NOT_FOUND``; programs branch on it.
        hint: what the reader can do now, or ``None``.
        facts: names and numbers of the failure; never a secret.
    """

    def __init__(self, code, message, hint=None, facts=None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.facts = dict(facts or {})

    def __str__(self):
        return self.message if self.hint is None else f"{self.message}\n{self.hint}"

    def __reduce__(self):
        return (type(self), (self.code, self.message, self.hint, self.facts))


def to_wire(error):
    """An exception as the ``error`` member of a JSON-RPC answer."""
    if not isinstance(error, CrossviewError):
        error = CrossviewError("INTERNAL_ERROR", f"{type(error).__name__}: {error}")
    data = {"code": error.code, "hint": error.hint, "facts": error.facts}
    return {"code": -32000, "message": error.message, "data": data}


def from_wire(error, method):
    """The ``error`` member of a JSON-RPC answer as an exception."""
    data = error.get("data") or {}
    message = str(error.get("message", ""))
    if isinstance(data, dict) and isinstance(data.get("code"), str):
        return CrossviewError(data["code"], message, data.get("hint"), data.get("facts"))
    return CrossviewError("PEER_FAILED", f"The kernel failed in {method}: {message}", facts={"method": method})

"""What a cell failed of, in one line."""

from .printer import first_line


def cause(name: str, value: str, width: int = 300) -> str:
    """The error's name and the first line of what it says. Of an exception that py4j brings from Java, these are Java's own:
    py4j's first line names a method, and the next one, behind a colon, what happened."""
    if name == "Py4JJavaError":
        thrown = next((line[1:].strip() for line in value.splitlines() if line.startswith(": ")), "")
        kind, colon, message = thrown.partition(": ")
        if colon and " " not in kind:
            name, value = kind.rpartition(".")[2], message
        elif thrown:
            value = thrown
    return f"{name}: {first_line(value, width)}"

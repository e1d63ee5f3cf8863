"""What a cell gives, as lines on standard output."""

import re
import sys
import time

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def first_line(source: str, width: int = 90) -> str:
    """The first line of a cell that says something, cut to the width."""
    line = next((line.strip() for line in source.splitlines() if line.strip()), "")
    return line if len(line) <= width else line[: width - 1] + "…"


def title(source: str) -> str:
    """A cell in one line: its magic and the first line after it."""
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("%%"):
        return first_line(f"{lines[0]}  {lines[1]}")
    return first_line(source)


class Printer:
    """Prints headings, outputs and durations. Colours of tracebacks stay on a terminal and go elsewhere."""

    def __init__(self, quiet: bool):
        self.quiet = quiet
        self._colour = sys.stdout.isatty()
        self._at_line_start = True
        self._started = 0.0

    def _write(self, text: str) -> None:
        if self.quiet or text == "":
            return
        if not self._colour:
            text = _CONTROL.sub("", text)
        sys.stdout.write(text)
        sys.stdout.flush()
        self._at_line_start = text.endswith("\n")

    def _line(self, text: str) -> None:
        if not self._at_line_start:
            self._write("\n")
        self._write(text + "\n")

    def cell(self, number: int, total: int, source: str) -> None:
        self._started = time.monotonic()
        self._line(f"\n[{number}/{total}] {title(source)}")

    def done(self) -> None:
        self._line(f"  ({time.monotonic() - self._started:.1f} s)")

    def output(self, message: dict) -> None:
        """One message of the kernel's IOPub channel."""
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            self._write(content["text"])
        elif kind in ("display_data", "execute_result"):
            text = content["data"].get("text/plain", "")
            self._line("".join(text) if isinstance(text, list) else text)
        elif kind == "error":
            self._line("\n".join(content["traceback"]) or f"{content['ename']}: {content['evalue']}")

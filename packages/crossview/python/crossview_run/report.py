"""What each cell did, as JSON for the program that started the run."""

import json
import re
import time

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Report:
    """Cells with their state (``passed``, ``failed``) and seconds; the exit value when the notebook ended itself."""

    def __init__(self, path: str | None):
        self._path = path
        self._cells: list[dict] = []
        self._started = 0.0
        self._exit: str | None = None

    def begin(self, number: int, source: str) -> None:
        self._started = time.monotonic()
        self._cells.append({"number": number, "source": source, "state": "running", "seconds": 0.0})

    def passed(self) -> None:
        self._end("passed")

    def failed(self, reason: str, traceback: str | None = None) -> None:
        if not self._cells or self._cells[-1]["state"] != "running":
            return
        self._end("failed")
        self._cells[-1].update(reason=reason, traceback=_CONTROL.sub("", traceback or ""))

    def exit(self, value: str) -> None:
        self._exit = value

    def write(self, code: int) -> None:
        if self._path is None:
            return
        with open(self._path, "w", encoding="utf-8") as file:
            json.dump({"code": code, "exitValue": self._exit, "cells": self._cells}, file)

    def _end(self, state: str) -> None:
        self._cells[-1].update(state=state, seconds=time.monotonic() - self._started)

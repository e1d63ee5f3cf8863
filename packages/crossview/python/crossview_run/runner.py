"""Executes a notebook with nbclient over an installed kernel."""

import os
import signal
import sys
import threading
from argparse import Namespace
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from .cause import cause
from .printer import Printer, first_line
from .report import Report


class LiveClient(NotebookClient):
    """Hands every output to the printer when it comes, not when the cell is done."""

    def __init__(self, notebook, printer: Printer, early=None, **options):
        super().__init__(notebook, **options)
        self._printer = printer
        self._early = early

    def create_kernel_manager(self):
        if self._early is None:
            return super().create_kernel_manager()
        self.km = self._early.manager(self.kernel_name)
        return self.km

    def process_message(self, msg, cell, cell_index):
        # Answers to other requests than this cell's (kernel info) are not the cell's to show.
        if msg["parent_header"].get("msg_type") == "execute_request":
            self._printer.output(msg)
        return super().process_message(msg, cell, cell_index)


def fail(text: str) -> None:
    print(f"crossview: {text}", file=sys.stderr, flush=True)


def read_notebook(path: Path):
    """The notebook in the present format. Raises ValueError in plain words."""
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:
        raise ValueError(f"{path} is not a notebook: {first_line(str(error), 200)}") from error


def choose_kernel(notebook, wanted: str | None) -> str:
    """The kernel's name. Raises ValueError naming those that are there."""
    name = wanted or notebook.metadata.get("kernelspec", {}).get("name") or "synapse_pyspark"
    manager = KernelSpecManager()
    try:
        manager.get_kernel_spec(name)
    except NoSuchKernel as error:
        there = ", ".join(sorted(manager.find_kernel_specs()))
        raise ValueError(f'there is no kernel "{name}"; there is: {there}. Name one with --kernel') from error
    return name


def end_with_parent() -> None:
    """Interrupts this process when the program that started it ends, however it ends: its pipe then closes."""

    def watch() -> None:
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, daemon=True).start()


def on_terminate(_signal, _frame) -> None:
    raise KeyboardInterrupt


def note_language(client: LiveClient) -> None:
    """Writes into the notebook what the kernel says of its language, so that viewers highlight it."""
    reply = client.wait_for_reply(client.kc.kernel_info())
    if reply and "language_info" in reply["content"]:
        client.nb.metadata["language_info"] = reply["content"]["language_info"]


EXIT = "application/vnd.crossview.exit+json"


def exit_value(cell) -> str | None:
    """The value that the notebook ended itself with in this cell."""
    found = (output.get("data", {}).get(EXIT) for output in cell.get("outputs", []))
    return next((str(each.get("value", "")) for each in found if each is not None), None)


def execute(client: LiveClient, printer: Printer, allow_errors: bool, report: Report) -> int:
    """Runs the cells one after the other; gives the number of cells that failed."""
    note_language(client)
    cells = [(index, cell) for index, cell in enumerate(client.nb.cells) if cell.cell_type == "code"]
    failures = 0
    for number, (index, cell) in enumerate(cells, start=1):
        if not cell.source.strip():
            continue
        printer.cell(number, len(cells), cell.source)
        where = f"cell {number} ({first_line(cell.source, 60)})"
        report.begin(number, cell.source)
        try:
            client.execute_cell(cell, index)
        except CellExecutionError as error:
            failures += 1
            reason = cause(error.ename, error.evalue)
            report.failed(reason, error.traceback)
            fail(f"{where} failed: {reason}")
            if not allow_errors:
                return failures
        except CellTimeoutError:
            report.failed(f"took longer than {client.timeout} s")
            fail(f"{where} took longer than {client.timeout} s")
            return failures + 1
        except DeadKernelError:
            report.failed("the kernel died")
            fail(f"the kernel died in {where}")
            return failures + 1
        report.passed()
        printer.done()
        value = exit_value(cell)
        if value is not None:
            report.exit(value)
            return failures
    client.set_widgets_metadata()
    return failures


def run(arguments: Namespace, early=None) -> int:
    """Gives the exit code of ``crossview run``. ``early`` is a kernel that was started already."""
    path, output = Path(arguments.notebook), Path(arguments.output)
    try:
        notebook = read_notebook(path)
        kernel = choose_kernel(notebook, arguments.kernel)
    except ValueError as error:
        fail(str(error))
        return 2
    report = Report(arguments.report)
    end_with_parent()
    signal.signal(signal.SIGTERM, on_terminate)
    printer = Printer(arguments.quiet)
    client = LiveClient(
        notebook,
        printer,
        early,
        kernel_name=kernel,
        timeout=arguments.timeout,
        resources={"metadata": {"path": arguments.directory or str(path.parent)}},
    )
    code = 0
    try:
        client.reset_execution_trackers()
        with client.setup_kernel():
            try:
                code = 1 if execute(client, printer, arguments.allow_errors, report) else 0
            except KeyboardInterrupt:
                report.failed("stopped")
                fail("stopped")
                code = 130
    except KeyboardInterrupt:
        code = 130
    except Exception as error:
        fail(f"the kernel {kernel} could not be run: {type(error).__name__}: {first_line(str(error), 300)}")
        code = code or 2
    output.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, output)
    report.write(code)
    if not arguments.quiet:
        print(f"\nexecuted notebook: {arguments.shown or output}", flush=True)
    return code

"""An ipykernel that belongs to a Crossview session."""

import os
import threading

from crossview_session import set_current_cell
from ipykernel.ipkernel import IPythonKernel

from . import lakehouse_paths, namespace, spark, sql_names, stopped
from .interrupts import Interrupts


class CrossviewKernel(IPythonKernel):
    """Runs cells that Crossview hands on; what Crossview has to say about a cell comes in its message's metadata."""

    implementation = "crossview-python"
    # The application has none; ipykernel asks for its thread all the same.
    _supports_kernel_subshells = False

    def __init__(self, **settings):
        super().__init__(**settings)
        self.shell_channel_thread = _NoSubshells()
        self.role = os.environ.get("CROSSVIEW_SESSION_ROLE", "python")
        self.shell.history_manager.enabled = False
        namespace.fill(self.shell)
        self._take_stopped = stopped.watch(self.shell)
        self._interrupts = Interrupts(self.shell)
        _end_with_the_session()
        if self.role == "pyspark":
            # The import takes a while and the first cell needs it.
            threading.Thread(target=spark.prepare, daemon=True).start()

    def _publish_status(self, status, channel, parent=None):
        # Crossview has told its front end; what it waits for is the end of the cell.
        if status != "busy" or channel != "shell":
            super()._publish_status(status, channel, parent)

    def _publish_execute_input(self, code, parent, execution_count):
        pass

    def pre_handler_hook(self):
        # A callback of a widget is code of the user's too, and nobody waits for its answer.
        if self._handles_comm():
            super().pre_handler_hook()

    def post_handler_hook(self):
        if self._handles_comm():
            super().post_handler_hook()

    def _handles_comm(self):
        return self.get_parent("shell")["header"]["msg_type"].startswith("comm_")

    async def do_execute(
        self, code, silent, store_history=True, user_expressions=None, allow_stdin=False, *, cell_meta=None, cell_id=None
    ):
        self._interrupts.expect(self.get_parent("shell")["header"]["date"].timestamp())
        about = (cell_meta or {}).get("crossview") or {}
        if store_history and not silent:
            # Tracebacks and results carry the number that the notebook shows, not that of this process.
            self.shell.execution_count = about.get("count", self.shell.execution_count)
        try:
            if "attach" in about:
                spark.attach(self.shell, about["attach"])
            if "lakehouse" in about:
                lakehouse_paths.lead_to(about["lakehouse"])
            if not silent and about.get("cell"):
                set_current_cell(about["cell"])
                spark.set_cell(about["cell"])
            if not silent and about.get("sql"):
                sql_names.bind(self.shell, self.role, about["sql"], code)
        except BaseException as error:  # an ipykernel does not answer a request whose handler raises
            return self._failed(error)
        self._take_stopped()
        reply = await super().do_execute(
            code, silent, store_history, user_expressions, allow_stdin, cell_meta=cell_meta, cell_id=cell_id
        )
        error = self._take_stopped()
        if error is not None and reply["status"] == "error":
            # The reply names what was raised last, the output what was shown.
            reply.update(ename=type(error).__name__, evalue=str(error))
        return reply

    def _failed(self, error):
        return {
            "status": "error",
            "ename": type(error).__name__,
            "evalue": str(error),
            "traceback": self.shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__),
            "execution_count": self.shell.execution_count,
            "user_expressions": {},
            "payload": [],
        }


class _NoSubshells:
    """In place of the thread that hands requests to subshells."""

    parent_thread = threading.main_thread()

    def __bool__(self):
        return False


def _end_with_the_session():
    """A kernel that was killed cannot end its children; its socket closes all the same."""
    from crossview_session import session

    session().on_close(lambda: os._exit(0))

"""An ipykernel that belongs to a Crossview session."""

import os
import threading

from crossview_session import set_current_cell
from ipykernel.ipkernel import IPythonKernel

from . import namespace, spark, sql_names, stopped


class CrossviewKernel(IPythonKernel):
    """Runs cells that Crossview hands on; what Crossview has to say about a cell comes in its message's metadata."""

    implementation = "crossview-python"

    def __init__(self, **settings):
        super().__init__(**settings)
        self.role = os.environ.get("CROSSVIEW_SESSION_ROLE", "python")
        self.shell.history_manager.enabled = False
        namespace.fill(self.shell)
        self._take_stopped = stopped.watch(self.shell)
        _end_with_the_session()
        if self.role == "pyspark":
            # The import takes a while and the first cell needs it.
            threading.Thread(target=spark.prepare, daemon=True).start()

    async def do_execute(
        self, code, silent, store_history=True, user_expressions=None, allow_stdin=False, *, cell_meta=None, cell_id=None
    ):
        about = (cell_meta or {}).get("crossview") or {}
        if store_history and not silent:
            # Tracebacks and results carry the number that the notebook shows, not that of this process.
            self.shell.execution_count = about.get("count", self.shell.execution_count)
        try:
            if "attach" in about:
                spark.attach(self.shell, about["attach"])
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


def _end_with_the_session():
    """A kernel that was killed cannot end its children; its socket closes all the same."""
    from crossview_session import session

    session().on_close(lambda: os._exit(0))

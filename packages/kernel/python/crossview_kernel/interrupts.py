"""When a Stop may break into Python: while code of a cell runs, and nowhere else.

An ipykernel takes interrupts from the moment it looks at a request. One that arrives before the code runs, or after it,
breaks into the kernel itself: the request is then never answered, or a callback of IPython swallows the interrupt and the
cell goes on. Here such an interrupt is kept, and ends the cell when its code would begin.
"""

import signal
import threading
import time
from contextlib import contextmanager


class Interrupts:
    """Takes the place of the signal's handler; made in the main thread, whose code it breaks into."""

    def __init__(self, shell):
        self._kept = None
        self._since = 0.0
        self._run_code = shell.run_code
        self._user_expressions = shell.user_expressions
        shell.run_code = self._code
        shell.user_expressions = self._expressions
        self.expect(0.0)

    def expect(self, sent):
        """A request begins; an interrupt from before it was sent (seconds of the clock) was for another one."""
        self._since = sent
        # Anew each time: what hits the very end of a cell leaves the other handler in place.
        signal.signal(signal.SIGINT, self._keep)

    def _keep(self, _number, _frame):
        self._kept = time.time()

    def _raise_kept(self):
        kept, self._kept = self._kept, None
        if kept is not None and kept >= self._since:
            raise KeyboardInterrupt

    @contextmanager
    def _open(self):
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            self._raise_kept()
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    async def _code(self, code_obj, result=None, *, async_=False):
        if async_:
            # ipykernel cancels what is awaited.
            self._raise_kept()
            return await self._run_code(code_obj, result, async_=True)
        with self._open():
            return await self._run_code(code_obj, result)

    def _expressions(self, expressions):
        if not expressions:
            return {}
        try:
            with self._open():
                return self._user_expressions(expressions)
        except KeyboardInterrupt:
            return {}

"""Output of cells without a wait for the thread that sends it."""

import threading

from ipykernel.iostream import OutStream

_TRY_AGAIN_SECONDS = 0.01


class QuickOutStream(OutStream):
    """Sends what was written when it is flushed, from the thread that flushes.

    ipykernel hands each flush to its IOPub thread and waits until that has done it, and flushes both streams twice in a
    cell. Messages that are handed to that thread keep their order, so that nobody has to wait: what comes behind, the
    cell's ``idle`` too, is sent behind.
    """

    def __init__(self, *arguments, **settings):
        # From taking the text out to handing the message on: two threads must not overtake each other between.
        self._sending = threading.Lock()
        self._timed = False
        super().__init__(*arguments, **settings)

    def flush(self):
        if self.pub_thread is None or not self._is_master_process():
            super().flush()
        elif self.pub_thread.thread is threading.current_thread():
            self._flush()
        else:
            with self._sending:
                if self._buffers:
                    super()._flush()

    def _schedule_flush(self):
        # One timer at a time: a cell that flushes does not ask for the next one.
        if not self._timed:
            self._timed = True
            self.pub_thread.schedule(lambda: self._io_loop.call_later(self.flush_interval, self._flush_in_time))

    def _flush_in_time(self):
        self._timed = False
        self._flush()

    def _flush(self):
        if not self._is_master_process():
            super()._flush()
        elif self._sending.acquire(blocking=False):
            try:
                super()._flush()
            finally:
                self._sending.release()
        else:
            # Who holds the lock may wait for this thread to take messages.
            self._io_loop.call_later(_TRY_AGAIN_SECONDS, self._flush)

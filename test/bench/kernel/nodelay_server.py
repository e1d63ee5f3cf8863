"""A stock Jupyter Server but for one thing: its WebSockets do not wait with small packets (TCP_NODELAY)."""

import inspect
import sys

from jupyter_server.serverapp import main
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

stock_open = KernelWebsocketHandler.open


async def open_without_delay(self, *arguments, **options):
    self.set_nodelay(True)
    answer = stock_open(self, *arguments, **options)
    return (await answer) if inspect.isawaitable(answer) else answer


KernelWebsocketHandler.open = open_without_delay
sys.exit(main())

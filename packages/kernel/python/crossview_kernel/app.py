"""The application around the kernel: its sockets and streams."""

from ipykernel.kernelapp import IPKernelApp


class CrossviewKernelApp(IPKernelApp):
    """An ipykernel with one client, Crossview: it loses no output, and a cell passes no more threads than it has to."""

    def init_control(self, context):
        super().init_control(context)
        # Nobody asks for subshells. Without them requests are read by the thread that runs the cells.
        self.shell_channel_thread = None

    def init_iopub(self, context):
        # Beyond a thousand messages that wait, ZeroMQ drops them without a word; a cell that prints in a loop gets there
        # when the machine is busy.
        context.sndhwm = 0
        super().init_iopub(context)

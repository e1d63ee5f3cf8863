"""Started by Crossview as ``python -m crossview_kernel -f CONNECTION_FILE``."""

from ipykernel.kernelapp import IPKernelApp

from .kernel import CrossviewKernel


class CrossviewKernelApp(IPKernelApp):
    """An ipykernel whose output waits for its reader."""

    def init_iopub(self, context):
        # Beyond a thousand messages that wait, ZeroMQ drops them without a word; a cell that prints in a loop gets there
        # when the machine is busy.
        context.sndhwm = 0
        super().init_iopub(context)


# Front ends ask Crossview for the history; a database shared by all Python processes only costs time and locks.
CrossviewKernelApp.launch_instance(kernel_class=CrossviewKernel, argv=None, log_level=40)

"""Started by Crossview as ``python -m crossview_kernel -f CONNECTION_FILE``."""

from ipykernel.kernelapp import IPKernelApp

from .kernel import CrossviewKernel

# Front ends ask Crossview for the history; a database shared by all Python processes only costs time and locks.
IPKernelApp.launch_instance(kernel_class=CrossviewKernel, argv=None, log_level=40)

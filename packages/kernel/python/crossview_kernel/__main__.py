"""Started by Crossview as ``python -m crossview_kernel -f CONNECTION_FILE``."""

from .app import CrossviewKernelApp
from .kernel import CrossviewKernel

# Front ends ask Crossview for the history; a database shared by all Python processes only costs time and locks.
CrossviewKernelApp.launch_instance(
    kernel_class=CrossviewKernel,
    outstream_class="crossview_kernel.iostream.QuickOutStream",
    argv=None,
    log_level=40,
)

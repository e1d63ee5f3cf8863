"""A kernel and one front end, for benchmarks that look at single cells."""

from jupyter_client.manager import KernelManager


class Kernel:
    def __init__(self, name):
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()

    @property
    def pid(self):
        return self.manager.provisioner.pid

    def run(self, code, on_text=lambda text: None, timeout=300):
        """Runs a cell to its idle; gives the pieces of text on standard output."""
        request = self.client.execute(code)
        pieces = []
        while True:
            message = self.client.get_iopub_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream" and content["name"] == "stdout":
                pieces.append(content["text"])
                on_text(content["text"])
            assert kind != "error", content
            if kind == "status" and content["execution_state"] == "idle":
                break
        while (reply := self.client.get_shell_msg(timeout=timeout))["parent_header"].get("msg_id") != request:
            pass
        assert reply["content"]["status"] == "ok", reply["content"]
        return pieces

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()

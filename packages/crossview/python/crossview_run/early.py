"""A kernel that is started before what drives it is loaded: loading takes as long as the kernel's own start."""

import json
import os
import secrets
import socket
import subprocess


class EarlyKernel:
    """Starts a kernel and writes its connection file, with the standard library alone."""

    def __init__(self, argv: list[str], file: str, directory: str | None):
        self.connection_file = file
        ports = _free_ports(5)
        names = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
        connection = {
            **dict(zip(names, ports, strict=True)),
            "ip": "127.0.0.1",
            "transport": "tcp",
            "key": secrets.token_hex(32),
            "signature_scheme": "hmac-sha256",
        }
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
            json.dump(connection, opened)
        self.process = subprocess.Popen(
            [part.replace("{connection_file}", file) for part in argv],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            # As Jupyter starts kernels: Ctrl+C is the runner's, and the kernel looks whether the runner still lives.
            start_new_session=True,
            env={**os.environ, "JPY_PARENT_PID": str(os.getpid())},
        )

    def manager(self, name: str):
        """A manager of this kernel, as if it had started it."""
        from jupyter_client.manager import AsyncKernelManager
        from jupyter_client.provisioning import LocalProvisioner

        process = self.process

        class Started(LocalProvisioner):
            async def launch_kernel(self, cmd, **options):
                self.process, self.pid = process, process.pid
                self.pgid = os.getpgid(process.pid) if hasattr(os, "getpgid") else None
                self.cwd = options.get("cwd", os.getcwd())
                return self.connection_info

        manager = AsyncKernelManager(kernel_name=name, connection_file=self.connection_file)
        manager.load_connection_file()
        # It would choose other ports otherwise.
        manager.cache_ports = False
        # Ports and key stand there already; the kernel has read them.
        manager._connection_file_written = True
        manager.provisioner = Started(kernel_id="", kernel_spec=manager.kernel_spec, parent=manager)
        return manager

    def end(self) -> None:
        """Ends the kernel when nobody has taken it over. May be called twice."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { temporaryDirectory } from './paths.js';
import { testToolchain } from './toolchain.js';

export interface JupyterServer {
  readonly url: string;
  readonly token: string;
  close(): void;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/**
 * A stock Jupyter Server on a free port; it ends with the test process at the latest.
 * @param program arguments for Python that start it, when it is not started as everybody does.
 */
export function startJupyterServer(token: string, program = ['-m', 'jupyter_server']): Promise<JupyterServer> {
  return start(token, (port) => [
    ...program,
    '--no-browser',
    '--allow-root',
    '--ip=127.0.0.1',
    `--port=${port}`,
    `--IdentityProvider.token=${token}`,
  ]);
}

/** A Jupyter Kernel Gateway: kernels and nothing else. */
export function startKernelGateway(token: string): Promise<JupyterServer> {
  return start(token, (port) => [
    '-m',
    'kernel_gateway',
    '--KernelGatewayApp.ip=127.0.0.1',
    `--KernelGatewayApp.port=${port}`,
    `--KernelGatewayApp.auth_token=${token}`,
    '--JupyterWebsocketPersonality.list_kernels=True',
  ]);
}

async function start(token: string, command: (port: number) => readonly string[]): Promise<JupyterServer> {
  const port = await freePort();
  const directory = temporaryDirectory('server');
  const child = spawn(testToolchain().python, command(port), {
    cwd: directory,
    env: { ...process.env, JUPYTER_NO_CONFIG: '1', JUPYTER_RUNTIME_DIR: directory, JUPYTER_PREFER_ENV_PATH: '1' },
    stdio: 'ignore',
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}/`;
  for (let tries = 0; tries < 300; tries += 1) {
    const ready = await fetch(`${url}api`, { headers: { Authorization: `token ${token}` } }).then(
      (it) => it.ok,
      () => false,
    );
    if (ready) return { url, token, close: () => void child.kill('SIGTERM') };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${command(port).slice(0, 2).join(' ')} did not start`);
}

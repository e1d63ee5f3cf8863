import { join } from 'node:path';
import { echo } from '../../support/echo-language.js';
import { startJupyterServer } from '../../support/jupyter-server.js';
import { textOn } from '../../support/kernel-client.js';
import { startKernelSession } from '../../support/kernel-session.js';
import { root } from '../../support/paths.js';

const cells = 100;
const median = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

/** Round trips of delegated cells on a stock Jupyter Server, over those on one with TCP_NODELAY set by hand, in turns. */
export async function remoteCells(): Promise<void> {
  const patched = join(root, 'test', 'bench', 'kernel', 'nodelay_server.py');
  const servers = {
    stock: await startJupyterServer('a-token'),
    nodelay: await startJupyterServer('a-token', [patched]),
  };
  const jupyterServer = (name: string) => servers[name as keyof typeof servers];
  const session = await startKernelSession({ defaultLanguage: 'echo', languages: [echo], context: { jupyterServer } });
  const times: Record<keyof typeof servers, number[]> = { stock: [], nodelay: [] };
  try {
    for (let turn = -5; turn < cells; turn += 1)
      for (const name of ['stock', 'nodelay'] as const) {
        const begun = performance.now();
        const answer = await session.client.execute(`%%kernel python3 --server ${name}\nprint(${turn})`);
        const milliseconds = performance.now() - begun;
        if (textOn(answer) !== `${turn}\n`) throw new Error(`${name}: ${JSON.stringify(answer.reply.content)}`);
        if (turn >= 0) times[name].push(milliseconds);
      }
  } finally {
    await session.close();
    for (const server of Object.values(servers)) server.close();
  }
  const [stock, nodelay] = [median(times.stock), median(times.nodelay)];
  const figures = `stock ${stock.toFixed(1)} ms, TCP_NODELAY by hand ${nodelay.toFixed(1)} ms`;
  console.log(`a delegated cell on a Jupyter Server: ${figures}, ratio ${(stock / nodelay).toFixed(3)} (goal 1.3)`);
}

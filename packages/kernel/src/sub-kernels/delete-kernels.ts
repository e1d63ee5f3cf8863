// Run by the watcher of `process-groups.ts` when we have ended: deletes kernels on Jupyter Servers, as standard input names them.
import { text } from 'node:stream/consumers';

const patience = 10_000;

const kernels = (await text(process.stdin)).split(' ').filter((word) => word !== '');
await Promise.allSettled(
  kernels.map((word) => {
    const [id = '', address = ''] = word.split('=');
    const [url, token] = JSON.parse(decodeURIComponent(address)) as [string, string];
    const headers: Record<string, string> = token === '' ? {} : { Authorization: `token ${token}` };
    const signal = AbortSignal.timeout(patience);
    return fetch(`${url}api/kernels/${encodeURIComponent(id)}`, { method: 'DELETE', headers, signal });
  }),
);

import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CrossviewError, type Magic } from '@crossview/contracts';

const lastBytes = 20_000;

async function tail(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const start = Math.max(0, size - lastBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return start === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await handle.close();
  }
}

const logs: Magic = {
  name: 'logs',
  kind: 'both',
  summary: 'Prints the end of the session’s logs.',
  usage: '%logs [NAME]',
  async execute(cell, { session }) {
    const { root } = session.directories;
    const names = (await readdir(root)).filter((name) => name.endsWith('.log')).sort();
    const asked = cell.argumentLine.trim();
    const chosen = names.filter((name) => asked === '' || name === asked || name === `${asked}.log`);
    if (asked !== '' && chosen.length === 0)
      throw new CrossviewError('LOG_UNKNOWN', `There is no log called ${asked}`, {
        hint: `The logs are ${names.join(', ') || 'not there yet'}.`,
        facts: { log: asked },
      });
    for (const name of chosen) cell.output.stream('stdout', `== ${name}\n${await tail(join(root, name))}\n`);
    return { status: 'ok' };
  },
};

export default logs;

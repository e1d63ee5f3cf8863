import { performance } from 'node:perf_hooks';
import type { Magic } from '@crossview/contracts';

/** `1min 3.2s`, `420 ms`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds.toPrecision(3)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toPrecision(3)} s`;
  return `${Math.floor(seconds / 60)} min ${(seconds % 60).toFixed(1)} s`;
}

const time: Magic = {
  name: 'time',
  kind: 'both',
  over: true,
  summary: 'Says how long a cell or a statement took.',
  usage: '%%time\n%%sql\nSELECT count(*) FROM v\n\n%time STATEMENT',
  async execute(cell, { run }) {
    const code = cell.code.trim() === '' ? cell.argumentLine : cell.code;
    const start = performance.now();
    const outcome = await run(undefined, code, { ...cell, code, argumentLine: '' });
    cell.output.stream('stdout', `Wall time: ${durationText(performance.now() - start)}\n`);
    return outcome;
  },
};

export default time;

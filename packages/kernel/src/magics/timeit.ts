import { performance } from 'node:perf_hooks';
import type { Magic } from '@crossview/contracts';
import { withoutOutputs } from '../cell/without-outputs.js';
import { numberOption, readOptions } from '../sql/options.js';
import { durationText } from './time.js';

const options = [
  { flags: ['-n', '--number'], value: 'N', description: 'Runs in each round (1)' },
  { flags: ['-r', '--repeat'], value: 'R', description: 'Rounds (7)' },
];

const timeit: Magic = {
  name: 'timeit',
  kind: 'both',
  over: true,
  summary: 'Runs a cell or a statement several times and says how long it takes.',
  usage: '%%timeit [-n N] [-r R]\n%%sql\nSELECT count(*) FROM v',
  options,
  async execute(cell, { run }) {
    const read = readOptions('timeit', cell.argumentLine, options);
    const number = Math.max(1, numberOption('timeit', read, 'n') ?? 1);
    const rounds = Math.max(1, numberOption('timeit', read, 'r') ?? 7);
    const code = cell.code.trim() === '' ? read.rest : cell.code;
    const quiet = { ...cell, argumentLine: '', output: withoutOutputs(cell.output) };
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now();
      for (let turn = 0; turn < number; turn += 1) {
        const outcome = await run(undefined, code, quiet);
        if (outcome.status !== 'ok') return outcome;
      }
      times.push((performance.now() - start) / number);
    }
    const mean = times.reduce((sum, time) => sum + time, 0) / rounds;
    const deviation = Math.sqrt(times.reduce((sum, time) => sum + (time - mean) ** 2, 0) / rounds);
    const runs = `mean ± std. dev. of ${rounds} rounds, ${number} ${number === 1 ? 'run' : 'runs'} each`;
    cell.output.stream('stdout', `${durationText(mean)} ± ${durationText(deviation)} per run (${runs})\n`);
    return { status: 'ok' };
  },
};

export default timeit;

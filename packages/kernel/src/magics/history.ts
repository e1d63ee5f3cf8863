import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CrossviewError, type Magic } from '@crossview/contracts';
import { glob } from '../cell/history.js';
import { numberOption, readOptions, textOption } from '../sql/options.js';

const options = [
  { flags: ['-n'], description: 'With the number of each cell' },
  { flags: ['-o'], description: 'With the results of the cells' },
  { flags: ['-g'], value: 'PATTERN', description: 'Only cells that match; * and ? as in a shell' },
  { flags: ['-l'], value: 'N', description: 'Only the last N cells' },
  { flags: ['-u'], description: 'Only the last of cells with the same text' },
  { flags: ['-f'], value: 'FILE', description: 'Write them into a file' },
];

/** `N`, `M-N`, `M-` or `-N`. */
function inRange(word: string): (line: number) => boolean {
  const [, first = '', dash, last = ''] = /^(\d*)(-?)(\d*)$/.exec(word) ?? [];
  if (first === '' && last === '')
    throw new CrossviewError('HISTORY_RANGE', `%history: ${word} is no range`, {
      hint: 'Ranges are 3, 3-7 or 3-; %history? says what else there is.',
      facts: { range: word },
    });
  const from = Number(first);
  const to = last !== '' ? Number(last) : dash === '-' ? Number.POSITIVE_INFINITY : from;
  return (line) => line >= from && line <= to;
}

const history: Magic = {
  name: 'history',
  aliases: ['hist'],
  kind: 'line',
  summary: 'Prints the cells of this session, in all languages.',
  usage: '%history [-n] [RANGE ...]\n%history -n 1-3 7',
  options,
  async execute(cell, { history: entries, session }) {
    // Ranges and options may stand in any order: Synapse's text has them both ways.
    const ranges: ((line: number) => boolean)[] = [];
    const flags: string[] = [];
    for (const word of cell.argumentLine.split(/\s+/).filter((it) => it !== '')) {
      const valued = options.some(({ flags: [flag], value }) => value !== undefined && flag === flags.at(-1));
      if (valued || /^-\D/.test(word)) flags.push(word);
      else ranges.push(inRange(word));
    }
    const read = readOptions('history', flags.join(' '), options);
    const matches = glob(textOption(read, 'g') ?? '*');
    const last = numberOption('history', read, 'l') ?? Number.POSITIVE_INFINITY;
    const found = entries
      .filter(({ line }) => ranges.length === 0 || ranges.some((range) => range(line)))
      .filter(({ source }) => matches.test(source))
      .filter(({ source }, at, all) => !read.values.has('u') || !all.slice(at + 1).some((it) => it.source === source));
    const text = found
      .slice(-Math.min(last, found.length) || found.length)
      .map(({ line, source, output }) => {
        const numbered = read.values.has('n') ? `${line}: ${source}` : source;
        return read.values.has('o') && output !== null ? `${numbered}\n${output}\n` : `${numbered}\n`;
      })
      .join('');
    const file = textOption(read, 'f');
    if (file === undefined) cell.output.stream('stdout', text);
    else await writeFile(resolve(session.workingDirectory, file), text);
    return { status: 'ok' };
  },
};

export default history;

import { CrossviewError, type Magic } from '@crossview/contracts';

/** `N` or `M-N`. */
function inRange(word: string): (line: number) => boolean {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
  if (first === undefined)
    throw new CrossviewError('HISTORY_RANGE', `%history: ${word} is no range`, {
      hint: 'Ranges are 3 or 3-7.',
      facts: { range: word },
    });
  return (line) => line >= Number(first) && line <= Number(last ?? first);
}

const history: Magic = {
  name: 'history',
  aliases: ['hist'],
  kind: 'line',
  summary: 'Prints the cells of this session, in all languages.',
  usage: '%history [-n] [RANGE ...]\n%history -n 1-3 7',
  options: [{ flags: ['-n'], description: 'With the number of each cell' }],
  async execute(cell, { history: entries }) {
    const words = cell.argumentLine.split(/\s+/).filter((word) => word !== '');
    const ranges = words.filter((word) => !word.startsWith('-')).map(inRange);
    const chosen = entries.filter(({ line }) => ranges.length === 0 || ranges.some((matches) => matches(line)));
    const text = chosen.map(({ line, source }) => (words.includes('-n') ? `${line}: ${source}` : source));
    cell.output.stream('stdout', text.map((source) => `${source}\n`).join(''));
    return { status: 'ok' };
  },
};

export default history;

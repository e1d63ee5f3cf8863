import { type Cell, CrossviewError, type MagicOption } from '@crossview/contracts';
import { numberOption, type ReadOptions, readOptions, textOption } from './options.js';

/** What `%%sql` and `%%tsql` have in common. `-m`, `-r` and `-c` are sparkmagic's, which had reasons for them. */
export const sharedOptions: readonly MagicOption[] = [
  { flags: ['-o', '--output'], value: 'NAME', description: 'Make the whole result a view of this name' },
  {
    flags: ['-n', '--maxrows'],
    value: 'N',
    description: 'Show at most N rows (1000); a view always holds all of them',
  },
  { flags: ['-q', '--quiet'], description: 'Show no rows' },
  { flags: ['-m', '--samplemethod'], value: 'take|sample', description: 'Only take: the first rows are shown' },
  { flags: ['-r', '--samplefraction'], value: 'F', description: 'Has no effect: nothing is sampled' },
  { flags: ['-c', '--coerce'], value: 'BOOL', description: 'Has no effect: types are kept as they are' },
];

export interface SqlCell {
  readonly options: ReadOptions;
  readonly text: string;
  /** View to make of the result. */
  readonly output: string | undefined;
  readonly maxRows: number;
  readonly quiet: boolean;
}

const viewName = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/**
 * Takes options and the `NAME <<` form off a SQL cell. The statement may also stand on the magic's own line.
 * @throws CrossviewError `OPTION_*`, `VIEW_NAME`
 */
export function readSqlCell(magic: string, cell: Cell, declared: readonly MagicOption[]): SqlCell {
  const options = readOptions(magic, cell.argumentLine, declared);
  const assignment = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*<<\s*/u;
  const written = [options.rest, cell.code].filter((part) => part.trim() !== '').join('\n');
  const assigned = assignment.exec(written);
  const text = assigned ? written.slice(assigned[0].length) : written;
  const output = textOption(options, 'o') ?? assigned?.[1];
  if (output !== undefined && !viewName.test(output))
    throw new CrossviewError('VIEW_NAME', `${output} cannot be the name of a view`, {
      hint: 'A name is letters, digits and underscores, and does not start with a digit.',
      facts: { name: output },
    });
  const limit = numberOption(magic, options, 'n') ?? 1000;
  // sparkmagic says -1 for "all"; what is shown stays bounded all the same.
  return { options, text, output, maxRows: limit < 0 ? 10_000 : limit, quiet: options.values.has('q') };
}

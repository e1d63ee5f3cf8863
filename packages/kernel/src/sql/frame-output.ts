import { type Cell, CrossviewError, type MagicOption } from '@crossview/contracts';
import { readOptions, textOption } from './options.js';

/** What sparkmagic's `%%spark` takes. All rows are there for every language, so most of it has nothing left to do. */
export const frameOptions: readonly MagicOption[] = [
  { flags: ['-o', '--output'], value: 'NAME', description: 'Make the frame in the variable NAME a view of this name' },
  { flags: ['-n', '--maxrows'], value: 'N', description: 'Has no effect: a view always holds all rows' },
  { flags: ['-m', '--samplemethod'], value: 'take', description: 'Has no effect: nothing is sampled' },
  { flags: ['-r', '--samplefraction'], value: 'F', description: 'Has no effect: nothing is sampled' },
  { flags: ['-c', '--coerce'], value: 'BOOL', description: 'Has no effect: types are kept as they are' },
];

/**
 * The variable that a cell is to make a view of.
 * @throws CrossviewError `OPTION_*`; `MAGIC_ARGUMENTS` for anything else on the line; `VIEW_NAME`
 */
export function readFrameOutput(magic: string, cell: Cell): string | undefined {
  const read = readOptions(magic, cell.argumentLine, frameOptions);
  refuseArguments(magic, read.rest);
  const name = textOption(read, 'o');
  if (name !== undefined && !/^[A-Za-z_]\w*$/.test(name))
    throw new CrossviewError('VIEW_NAME', `${name} cannot be the name of a variable and a view`, { facts: { name } });
  return name;
}

/** @throws CrossviewError `MAGIC_ARGUMENTS` when something stands behind a magic that takes nothing. */
export function refuseArguments(magic: string, rest: string): void {
  if (rest === '') return;
  throw new CrossviewError('MAGIC_ARGUMENTS', `%%${magic} does not take what stands behind it: ${rest}`, {
    hint: 'The code of the cell begins on the next line.',
    facts: { magic },
  });
}

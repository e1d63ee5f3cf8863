import { appendFile, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { CrossviewError, type Magic } from '@crossview/contracts';
import { listFiles } from '../notebook/list-files.js';
import { readOptions, splitWords } from '../sql/options.js';

const options = [{ flags: ['-a', '--append'], description: 'Append to the file' }];

const writefile: Magic = {
  name: 'writefile',
  aliases: ['file'],
  kind: 'cell',
  summary: 'Writes the cell into a file.',
  usage: '%%writefile [-a] FILE\ntext',
  options,
  values: ({ workingDirectory }) => listFiles(workingDirectory, () => true),
  async execute(cell, { session }) {
    const read = readOptions('writefile', cell.argumentLine, options);
    const [name] = splitWords(read.rest);
    if (name === undefined)
      throw new CrossviewError('FILE_MISSING', '%%writefile: which file?', { hint: 'Write %%writefile FILE.' });
    const file = resolve(session.workingDirectory, name.replace(/^~(?=\/|$)/, homedir()));
    const text = cell.code.endsWith('\n') ? cell.code : `${cell.code}\n`;
    const append = read.values.has('a');
    const there = await stat(file).then(
      () => true,
      () => false,
    );
    try {
      await (append ? appendFile(file, text) : writeFile(file, text));
    } catch (cause) {
      throw new CrossviewError('FILE_NOT_WRITTEN', `${name} cannot be written: ${(cause as Error).message}`, { cause });
    }
    cell.output.stream('stdout', `${append ? 'Appending to' : there ? 'Overwriting' : 'Writing'} ${name}\n`);
    return { status: 'ok' };
  },
};

export default writefile;

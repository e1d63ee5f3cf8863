import { CrossviewError, type Magic } from '@crossview/contracts';
import { listFiles } from '../notebook/list-files.js';
import { readTextFile } from '../notebook/read-notebook.js';
import { readOptions, splitWords } from '../sql/options.js';

const load: Magic = {
  name: 'load',
  kind: 'line',
  summary: 'Puts the text of a file into the cell.',
  usage: '%load FILE',
  values: ({ workingDirectory }) => listFiles(workingDirectory, () => true),
  async execute(cell, { session }) {
    const [name] = splitWords(readOptions('load', cell.argumentLine, []).rest);
    if (name === undefined)
      throw new CrossviewError('FILE_MISSING', '%load: which file?', { hint: 'Write %load FILE.' });
    const text = await readTextFile(session.workingDirectory, name);
    return { status: 'ok', payload: [{ source: 'set_next_input', text: `# %load ${name}\n${text}`, replace: true }] };
  },
};

export default load;

import { join } from 'node:path';
import type { Magic } from '@crossview/contracts';
import { located, runScript, scriptOptions } from './bash.js';

const sh: Magic = {
  name: 'sh',
  kind: 'cell',
  summary: 'Runs the cell as a shell script, in the notebook’s directory.',
  usage: '%%sh\nls -l\n\n%%sh -s ARGUMENT ...\necho $1',
  options: scriptOptions,
  execute: (cell, { session }) =>
    runScript('sh', located(cell, session), session.workingDirectory, join(session.directories.root, 'tmp')),
};

export default sh;

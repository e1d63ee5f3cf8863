import { join } from 'node:path';
import type { Magic } from '@crossview/contracts';
import { runScript } from './bash.js';

const sh: Magic = {
  name: 'sh',
  kind: 'cell',
  summary: 'Runs the cell as a shell script, in the notebook’s directory.',
  usage: '%%sh\nls -l',
  execute: (cell, { session }) =>
    runScript('sh', cell, session.workingDirectory, join(session.directories.root, 'tmp')),
};

export default sh;

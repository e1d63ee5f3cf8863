import type { Magic } from '@crossview/contracts';

const pip: Magic = {
  name: 'pip',
  kind: 'line',
  summary: 'Runs pip in the Python of this notebook.',
  usage: '%pip install PACKAGE',
  execute: (cell, { run }) => run('python', `%pip ${cell.argumentLine}`, cell),
};

export default pip;

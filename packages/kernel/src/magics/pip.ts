import type { Magic } from '@crossview/contracts';

const pip: Magic = {
  name: 'pip',
  kind: 'line',
  summary: 'Installs packages for this notebook’s session.',
  usage: '%pip install PACKAGE',
  execute: (cell, { run }) => run('python', `%pip ${cell.argumentLine}`, cell),
};

export default pip;

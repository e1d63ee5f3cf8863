import type { Magic } from '@crossview/contracts';
import { readOptions } from '../sql/options.js';

const options = [{ flags: ['--isolated'], description: 'Shown in a frame of its own: its styles stay with it' }];

const html: Magic = {
  name: 'html',
  aliases: ['HTML'],
  kind: 'cell',
  summary: 'Shows the cell as HTML.',
  usage: '%%html\n<b>text</b>',
  options,
  async execute({ argumentLine, code, output }) {
    const isolated = readOptions('html', argumentLine, options).values.has('isolated');
    const data = { 'text/plain': '<HTML>', 'text/html': code };
    output.display(data, isolated ? { metadata: { 'text/html': { isolated } } } : {});
    return { status: 'ok' };
  },
};

export default html;

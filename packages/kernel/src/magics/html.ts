import type { Magic } from '@crossview/contracts';

const html: Magic = {
  name: 'html',
  aliases: ['HTML'],
  kind: 'cell',
  summary: 'Shows the cell as HTML.',
  usage: '%%html\n<b>text</b>',
  async execute({ code, output }) {
    output.display({ 'text/plain': '<HTML>', 'text/html': code });
    return { status: 'ok' };
  },
};

export default html;

import type { Magic } from '@crossview/contracts';

const markdown: Magic = {
  name: 'markdown',
  aliases: ['md'],
  kind: 'cell',
  summary: 'Shows the cell as Markdown.',
  usage: '%%markdown\n# A heading',
  async execute({ code, output }) {
    output.display({ 'text/plain': code, 'text/markdown': code });
    return { status: 'ok' };
  },
};

export default markdown;

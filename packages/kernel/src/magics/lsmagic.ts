import type { Magic } from '@crossview/contracts';

const lsmagic: Magic = {
  name: 'lsmagic',
  aliases: ['help'],
  kind: 'both',
  summary: 'Lists the languages and magics of this kernel.',
  usage: '%lsmagic',
  async execute(cell, { magics, languages }) {
    const languageRows = languages.map(({ name, aliases, title, summary }) => [
      [name, ...aliases].map((it) => `%%${it}`).join(', '),
      `${title}: ${summary}`,
    ]);
    const rows = (signs: string, kinds: readonly string[]) =>
      magics
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ name, aliases = [], summary }) => [[name, ...aliases].map((it) => signs + it).join(', '), summary]);
    const sections: [string, string[][]][] = [
      ['Languages', languageRows],
      ['Cell magics', rows('%%', ['cell', 'both'])],
      ['Line magics', rows('%', ['line', 'both'])],
    ];
    const ownRows = languages
      .filter(({ ownMagics = [] }) => ownMagics.length > 0)
      .map(({ name, ownMagics = [] }) => [`In %%${name}`, ownMagics.map((it) => `%${it}`).join(' ')]);
    const width = Math.max(...sections.flatMap(([, lines]) => lines.map(([left = '']) => left.length)));
    const text = sections.map(([title, lines]) =>
      [title, ...lines.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`)].join('\n'),
    );
    const own = ownRows.map(([left = '', right = '']) => `${left}, those of the language itself: ${right}`);
    cell.output.stream('stdout', `${[...text, ...own].join('\n\n')}\n\n%NAME? says more about each.\n`);
    return { status: 'ok' };
  },
};

export default lsmagic;

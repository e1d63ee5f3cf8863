import type { Magic } from '@crossview/contracts';

const sql: Magic = {
  name: 'sql',
  kind: 'line',
  summary: 'Runs one line of Spark SQL, with the options of %%sql.',
  usage: '%sql select * from flights\nframe = %sql select * from flights      in a %%pyspark cell: a Spark frame',
  execute: (cell, { run }) => {
    // The options of a cell stand on its first line; here everything does.
    const options = /^(?:-q\s+|-[a-z]\s+\S+\s+)*/.exec(cell.argumentLine)?.[0] ?? '';
    return run(undefined, `%%sql ${options}\n${cell.argumentLine.slice(options.length)}`, cell);
  },
};

export default sql;

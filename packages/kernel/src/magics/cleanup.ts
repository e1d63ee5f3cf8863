import { CrossviewError, type Magic } from '@crossview/contracts';
import { readOptions } from '../sql/options.js';

const options = [
  { flags: ['-f', '--force'], description: 'Needed, because variables and Spark’s views are lost' },
  { flags: ['-s'], value: 'ID', description: 'Has no effect: there is one session, this one' },
];

const cleanup: Magic = {
  name: 'cleanup',
  aliases: ['delete'],
  kind: 'both',
  summary: 'Ends Spark and all languages of this notebook; the next cell starts them again.',
  usage: '%%cleanup -f',
  options,
  async execute(cell, { session, stop }) {
    if (!readOptions('cleanup', cell.argumentLine, options).values.has('f'))
      throw new CrossviewError('CLEANUP_UNFORCED', 'Ending everything loses variables and Spark’s views', {
        hint: 'Write %%cleanup -f if that is meant.',
      });
    await stop();
    await session.spark.stop();
    cell.output.stream('stdout', 'Spark and all languages have ended; the next cell starts them again.\n');
    return { status: 'ok' };
  },
};

export default cleanup;

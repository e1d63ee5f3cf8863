import { CrossviewError, type Magic } from '@crossview/contracts';

const sparkr: Magic = {
  name: 'sparkr',
  kind: 'cell',
  summary: 'Not supported: says what to do with R cells.',
  usage: '%%sparkr',
  async execute() {
    throw new CrossviewError(
      'LANGUAGE_UNSUPPORTED',
      'R cells are not supported: Spark has deprecated SparkR, and no R is attached here',
      {
        hint: 'Rewrite the cell in %%pyspark or %%sql; views it reads are there.',
        facts: { language: 'sparkr' },
      },
    );
  },
};

export default sparkr;

import { CrossviewError, type Magic } from '@crossview/contracts';

const csharp: Magic = {
  name: 'csharp',
  kind: 'cell',
  summary: 'Not supported: says what to do with C# cells.',
  usage: '%%csharp',
  async execute() {
    throw new CrossviewError(
      'LANGUAGE_UNSUPPORTED',
      'C# cells are not supported: .NET for Spark ended with Spark 3.2',
      {
        hint: 'Synapse has retired them too. Rewrite the cell in %%spark (Scala) or %%pyspark; views it reads are there.',
        facts: { language: 'csharp' },
      },
    );
  },
};

export default csharp;

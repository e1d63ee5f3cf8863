import { CrossviewError, type Magic } from '@crossview/contracts';

/** What .NET Interactive calls its kernel for C#. */
const kernel = '.net-csharp';

const csharp: Magic = {
  name: 'csharp',
  kind: 'cell',
  summary: 'Runs the cell in an installed .NET Jupyter kernel; there is no .NET for Spark in it.',
  usage: '%%csharp [-i VIEW,…] [-o NAME,…]\nConsole.WriteLine("text");',
  options: [
    { flags: ['-i', '--input'], value: 'VIEW,…', description: 'Views that become lists of Arrow record batches' },
    { flags: ['-o', '--output'], value: 'NAME,…', description: 'Lists of Arrow record batches that become views' },
  ],
  async execute(cell, { run }) {
    try {
      return await run(undefined, `%%kernel ${kernel} ${cell.argumentLine}\n${cell.code}`, cell);
    } catch (cause) {
      if (!(cause instanceof CrossviewError) || cause.code !== 'KERNEL_UNKNOWN') throw cause;
      throw new CrossviewError(
        'LANGUAGE_UNSUPPORTED',
        `C# cells need a .NET Jupyter kernel, and ${kernel} is not installed`,
        {
          hint: 'Install .NET Interactive (dotnet tool install Microsoft.dotnet-interactive, dotnet interactive jupyter install), or rewrite the cell in %%spark (Scala) or %%pyspark: .NET for Spark ended with Spark 3.2, and Synapse has retired it too.',
          facts: { language: 'csharp' },
          cause,
        },
      );
    }
  },
};

export default csharp;

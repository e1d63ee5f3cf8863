import type { Magic } from '@crossview/contracts';

const info: Magic = {
  name: 'info',
  kind: 'both',
  summary: 'Says what runs in this session: Spark, its version, the views.',
  usage: '%info',
  async execute(cell, { session }) {
    const { spark, views, directories } = session;
    const version = spark.version;
    const lines = [
      `Session ${directories.id} in ${session.workingDirectory}`,
      `Spark: ${spark.state}${version ? `, ${version.spark} (Scala ${version.scala}, Java ${version.java})` : ''}`,
      ...(await views.list()).map(({ name, language, rows }) => {
        const size = rows === undefined ? '' : `, ${rows.toLocaleString('en-US')} rows`;
        return `View ${name}: from ${language}${size}`;
      }),
    ];
    cell.output.stream('stdout', `${lines.join('\n')}\n`);
    return { status: 'ok' };
  },
};

export default info;

import { CrossviewError, type Magic } from '@crossview/contracts';
import { parseLenientJson } from '../notebook/lenient-json.js';
import { readSparkRequest } from '../notebook/spark-request.js';
import { readOptions } from '../sql/options.js';

const options = [
  { flags: ['-f', '--force'], description: 'Restart Spark if it runs; its variables and views are lost' },
];

const configure: Magic = {
  name: 'configure',
  kind: 'cell',
  summary: 'Sets memory, cores, jars and settings of the Spark session, as in Synapse, Fabric and Livy.',
  usage: '%%configure [-f]\n{ "driverMemory": "4g", "conf": { "spark.sql.shuffle.partitions": "8" } }',
  options,
  async execute(cell, { session, stop }) {
    const { values, rest } = readOptions('configure', cell.argumentLine, options);
    const force = values.has('f');
    const { settings, remarks } = readSparkRequest(parseLenientJson('%%configure', `${rest}\n${cell.code}`));
    for (const remark of remarks) cell.output.stream('stdout', `${remark}\n`);
    const running = session.spark.state === 'ready' || session.spark.state === 'starting';
    if (running && !force)
      throw new CrossviewError('SPARK_RUNS', 'Spark runs already, and takes these settings only when it starts', {
        hint: 'Write %%configure -f to restart it (variables and views of Spark are lost), or make this the first cell.',
      });
    session.spark.configure(settings);
    if (running) {
      await stop('pyspark');
      await session.spark.stop();
    }
    const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
    cell.output.stream('stdout', lines.join('') || 'Nothing to set.\n');
    return { status: 'ok' };
  },
};

export default configure;

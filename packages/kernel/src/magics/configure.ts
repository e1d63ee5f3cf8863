import { type Cell, CrossviewError, type LanguageContext, type Magic } from '@crossview/contracts';
import type { LakeRequest } from '../notebook/lake-request.js';
import { parseLenientJson } from '../notebook/lenient-json.js';
import { readSparkRequest } from '../notebook/spark-request.js';
import { readOptions } from '../sql/options.js';

const options = [
  { flags: ['-f', '--force'], description: 'Restart Spark if it runs; its variables and views are lost' },
];

const configure: Magic = {
  name: 'configure',
  kind: 'cell',
  summary:
    'Sets memory, cores, jars and settings of the Spark session, the default lakehouse and mount points, as in Synapse, Fabric and Livy.',
  usage: '%%configure [-f]\n{ "driverMemory": "4g", "conf": { "spark.sql.shuffle.partitions": "8" } }',
  options,
  async execute(cell, { session, stop }) {
    const { values, rest } = readOptions('configure', cell.argumentLine, options);
    const force = values.has('f');
    const { settings, remarks, lake } = readSparkRequest(parseLenientJson('%%configure', `${rest}\n${cell.code}`));
    for (const remark of remarks) cell.output.stream('stdout', `${remark}\n`);
    const running = session.spark.state === 'ready' || session.spark.state === 'starting';
    if (running && !force)
      throw new CrossviewError('SPARK_RUNS', 'Spark runs already, and takes these settings only when it starts', {
        hint: 'Write %%configure -f to restart it (variables and views of Spark are lost), or make this the first cell.',
      });
    session.spark.configure(settings);
    const places = await configureLake(lake, session, cell);
    if (running) {
      await stop('pyspark');
      await session.spark.stop();
    }
    const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
    if (lines.length > 0 || !places) cell.output.stream('stdout', lines.join('') || 'Nothing to set.\n');
    return { status: 'ok' };
  },
};

/** @returns whether there was anything to do. */
async function configureLake(
  { lakehouse, mounts }: LakeRequest,
  session: LanguageContext,
  cell: Cell,
): Promise<boolean> {
  if (lakehouse === undefined && mounts.length === 0) return false;
  const { lake } = session;
  if (lake === undefined) {
    const names = [...(lakehouse ? ['defaultLakehouse'] : []), ...(mounts.length > 0 ? ['mountPoints'] : [])];
    for (const name of names) cell.output.stream('stdout', `${name} has no effect: this session has no lake.\n`);
    return false;
  }
  if (lakehouse !== undefined) {
    const { name, folder } = lake.chooseLakehouse(lakehouse);
    cell.output.stream('stdout', `default lakehouse ${name} → ${folder}\n`);
  }
  for (const { source, mountPoint } of mounts) {
    await lake.mount(source, mountPoint);
    cell.output.stream('stdout', `${mountPoint} → ${source}\n`);
  }
  return true;
}

export default configure;

// PORT ROWS QUERY FOLDER: copies a query into a Parquet file by the built package, alone in this process; prints rows and peak memory in MB.
import { join } from 'node:path';
import { copyActivity, factoryFrom } from '@crossview/copy';

const [port, query, folder] = process.argv.slice(2);
const reference = (referenceName, type) => ({ referenceName, type });
const documents = {
  linkedServices: [
    {
      name: 'Spark',
      properties: {
        type: 'Spark',
        version: '2.0',
        typeProperties: {
          host: '127.0.0.1',
          port,
          authenticationType: 'Anonymous',
          httpPath: 'cliservice',
          enableSsl: false,
        },
      },
    },
    { name: 'Disk', properties: { type: 'FileServer', typeProperties: { host: folder } } },
  ],
  datasets: [
    {
      name: 'In',
      properties: { type: 'SparkObject', linkedServiceName: reference('Spark', 'LinkedServiceReference') },
    },
    {
      name: 'Out',
      properties: {
        type: 'Parquet',
        linkedServiceName: reference('Disk', 'LinkedServiceReference'),
        typeProperties: { location: { type: 'FileServerLocation', fileName: 'memory.parquet' } },
      },
    },
  ],
};
const activity = {
  name: 'Memory',
  type: 'Copy',
  inputs: [reference('In', 'DatasetReference')],
  outputs: [reference('Out', 'DatasetReference')],
  typeProperties: { source: { type: 'SparkSource', query }, sink: { type: 'ParquetSink' } },
};
const { rowsCopied } = await copyActivity(activity, factoryFrom(documents, 'the bench'), {
  services: { workingDirectory: folder, scratchDirectory: join(folder, 'scratch') },
});
process.stdout.write(`${rowsCopied} ${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
process.exit(0);

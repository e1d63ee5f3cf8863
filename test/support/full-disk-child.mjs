// FOLDER: writes a Parquet file of some megabytes there through the file sink, and prints the error that ends it.
import { ParquetFile } from '@crossview/copy';
import { tableFromArrays } from 'apache-arrow';
import { FileSink } from '../../packages/copy/dist/sinks/file-sink.js';
import { localStore } from '../../packages/copy/dist/stores/local-store.js';

const [folder] = process.argv.slice(2);
const { schema, batches } = tableFromArrays({ n: Float64Array.from({ length: 200_000 }, () => Math.random()) });
const sink = new FileSink({
  store: await localStore(folder, folder),
  folder: 'out',
  nameOf: (index) => `${index}.parquet`,
  maxRowsPerFile: undefined,
  create: (path) => ParquetFile.create(path, schema),
  signal: undefined,
});
try {
  for (let count = 0; count < 10; count += 1) await sink.append(batches[0]);
  await sink.finish();
} catch (error) {
  await sink.abandon();
  console.log(JSON.stringify(error));
}

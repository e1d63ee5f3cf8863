import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CrossviewError } from '@crossview/contracts';
import { ParquetFile } from '@crossview/copy';
import { Field, Int32, type RecordBatch, Schema, tableFromArrays } from 'apache-arrow';
import * as assert from 'uvu/assert';
import { FileSink } from '../../packages/copy/src/sinks/file-sink.js';
import type { FileStore } from '../../packages/copy/src/stores/file-store.js';
import { root, temporaryDirectory } from '../support/paths.js';
import { suite } from '../support/suite.js';

const test = suite('copy: files that are put while others grow');

const schema = new Schema([new Field('n', new Int32(), true)]);
const batch = tableFromArrays({ n: Int32Array.from({ length: 100 }, (_, row) => row) }).batches[0] as RecordBatch;

/** A folder that takes a moment for each file, and fails for those named. */
function slowStore(failing: readonly string[] = []) {
  const folder = temporaryDirectory('slow-store');
  const log: string[] = [];
  const store: FileStore = {
    title: 'the slow store',
    growingFolder: join(folder, 'growing'),
    async put(localFile, path) {
      log.push(`begin ${path}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (failing.includes(path)) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      renameSync(localFile, join(folder, path));
      log.push(`end ${path}`);
    },
    async remove(path) {
      log.push(`remove ${path}`);
      renameSync(join(folder, path), join(folder, 'removed'));
    },
  };
  return { folder, log, store };
}

const sinkInto = (store: FileStore, early: boolean) =>
  new FileSink({
    store,
    folder: 'out',
    nameOf: (index) => `${index}.parquet`,
    maxRowsPerFile: 100,
    create: (path) => ParquetFile.create(path, schema),
    signal: undefined,
    early,
  });

test('early: one after the other, each once, and all are there at the end', async () => {
  const { folder, log, store } = slowStore();
  const sink = sinkInto(store, true);
  for (let count = 0; count < 3; count += 1) await sink.append(batch);
  assert.ok(log.includes('begin out/0.parquet'), 'the first file went before the end');
  const { rows, files } = await sink.finish();
  assert.equal([rows, files], [300, 3]);
  assert.equal(
    log,
    [0, 1, 2].flatMap((index) => [`begin out/${index}.parquet`, `end out/${index}.parquet`]),
  );
  assert.equal(readdirSync(join(folder, 'out')), ['0.parquet', '1.parquet', '2.parquet']);
});

test('otherwise nothing is put before the end', async () => {
  const { log, store } = slowStore();
  const sink = sinkInto(store, false);
  for (let count = 0; count < 3; count += 1) await sink.append(batch);
  assert.equal(log, []);
  assert.is((await sink.finish()).files, 3);
});

test('a file that cannot be put ends the copy while it runs, and what grew is removed', async () => {
  const { folder, store } = slowStore(['out/1.parquet']);
  const sink = sinkInto(store, true);
  let error: CrossviewError | undefined;
  try {
    for (let count = 0; count < 10; count += 1) await sink.append(batch);
  } catch (thrown) {
    error = thrown as CrossviewError;
  }
  assert.is(error?.code, 'COPY_SINK_FULL');
  assert.match(error?.message ?? '', /out\/1\.parquet in the slow store/);
  await sink.abandon();
  await sink.abandon();
  assert.not.ok(existsSync(store.growingFolder));
  assert.equal(readdirSync(join(folder, 'out')), ['0.parquet'], 'its folder is removed by who asked for early files');
});

test('a disk that is full: said in words, and no file', () => {
  const folder = temporaryDirectory('full-disk');
  const script = join(root, 'test/support/full-disk-child.mjs');
  // A file may not grow beyond 512 kB in this shell, which fails as a full disk does.
  const run = spawnSync('sh', ['-c', 'ulimit -f 1000 && exec "$0" "$@"', process.execPath, script, folder], {
    encoding: 'utf8',
  });
  assert.is(run.status, 0, `${run.signal} ${run.stderr}`);
  const { code, message } = JSON.parse(run.stdout) as { code: string; message: string };
  assert.is(code, 'COPY_SINK_FULL');
  assert.match(message, /out\/0\.parquet in folder .* cannot be written: .*too large/);
  assert.equal(readdirSync(folder), []);
});

test.run();
